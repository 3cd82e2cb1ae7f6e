/** Narrows the list that one looks at; the address says how, so that it can be shared. */
import { useState } from "react";
import { useTranslations } from "use-intl";
import { FormDialog } from "~/components/Dialog";
import { type Filter, type Order, tidy } from "../list/filter";
import { FilterFields } from "./FilterFields";

interface FilterDialogProps {
  readonly filter: Filter;
  readonly order: Order;
  readonly onShow: (filter: Filter, order: Order) => void;
  readonly onClose: () => void;
}

export default function FilterDialog({ filter, order, onShow, onClose }: FilterDialogProps) {
  const t = useTranslations("inbox.filter");
  const [draft, setDraft] = useState({ filter, order });
  return (
    <FormDialog
      isOpen
      size="wide"
      title={t("title")}
      submit={t("show")}
      onSubmit={async () => onShow(tidy(draft.filter), draft.order)}
      onClose={onClose}
    >
      <FilterFields {...draft} onChange={(next, by) => setDraft({ filter: next, order: by })} />
    </FormDialog>
  );
}
