/** Until when the conversation shall be out of sight, to the minute. */
import { useState } from "react";
import { useTranslations } from "use-intl";
import { FormDialog } from "~/components/Dialog";
import { TextField } from "~/components/Field";
import { asField, momentsAfter } from "./moments";

interface SnoozeDialogProps {
  readonly isBusy: boolean;
  readonly onChoose: (until: Date) => Promise<unknown>;
  readonly onClose: () => void;
}

export default function SnoozeDialog({ isBusy, onChoose, onClose }: SnoozeDialogProps) {
  const t = useTranslations("panel.snooze");
  const [field, setField] = useState(() => asField(momentsAfter(new Date())[1]?.at ?? new Date()));
  return (
    <FormDialog
      title={t("title")}
      submit={t("act")}
      isOpen
      isBusy={isBusy}
      isDisabled={!(Date.parse(field) > Date.now())}
      onClose={onClose}
      onSubmit={() => onChoose(new Date(field))}
    >
      <TextField type="datetime-local" label={t("at")} hint={t("atHint")} value={field} onChange={setField} />
    </FormDialog>
  );
}
