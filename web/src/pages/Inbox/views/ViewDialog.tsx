/** Saves a filter under a name, or changes what is saved. */
import { useState } from "react";
import { graphql } from "react-relay";
import { ROOT_ID } from "relay-runtime";
import { useTranslations } from "use-intl";
import type { ViewDialogChangeMutation } from "~/__generated__/ViewDialogChangeMutation.graphql";
import type { ViewDialogCreateMutation } from "~/__generated__/ViewDialogCreateMutation.graphql";
import { useNavigate } from "~/app/navigation";
import { useMay } from "~/app/viewer";
import { Refusal, useChange } from "~/changes";
import { Checkbox } from "~/components/Choice";
import { FormDialog } from "~/components/Dialog";
import { TextField } from "~/components/Field";
import { type Filter, type Order, tidy } from "../list/filter";
import { placeOf } from "../place";
import { FilterFields } from "./FilterFields";

export interface Saved {
  readonly id: string;
  readonly name: string;
  readonly isShared: boolean;
}

interface ViewDialogProps {
  /** None for a new one. */
  readonly view: Saved | null;
  readonly filter: Filter;
  readonly order: Order;
  readonly onClose: () => void;
}

export default function ViewDialog({ view, filter, order, onClose }: ViewDialogProps) {
  const t = useTranslations("inbox.views");
  const act = useTranslations("app.act");
  const mayShare = useMay("MANAGE_DESK");
  const [name, setName] = useState(view?.name ?? "");
  const [isShared, setShared] = useState(false);
  const [draft, setDraft] = useState({ filter, order });
  const [problem, setProblem] = useState<string>();
  const [save, isBusy] = useSave(view?.id);
  const submit = async (): Promise<void> => {
    setProblem(undefined);
    await save({ name: name.trim(), filter: tidy(draft.filter), order: draft.order }, isShared).catch(
      (error: unknown) => {
        if (error instanceof Refusal) setProblem(error.of("name"));
        throw error;
      },
    );
  };
  return (
    <FormDialog
      isOpen
      size="wide"
      title={t(view ? "change" : "create")}
      submit={view ? undefined : act("create")}
      isBusy={isBusy}
      isDisabled={name.trim() === ""}
      onSubmit={submit}
      onClose={onClose}
    >
      <TextField label={t("name")} value={name} onChange={setName} problem={problem} maxLength={100} autoFocus />
      {!view && mayShare && (
        <Checkbox isSelected={isShared} onChange={setShared}>
          {t("share")}
        </Checkbox>
      )}
      <FilterFields {...draft} onChange={(next, by) => setDraft({ filter: next, order: by })} />
    </FormDialog>
  );
}

interface Content {
  readonly name: string;
  readonly filter: Filter;
  readonly order: Order;
}

/** Make a view and go there, or change the one of this id. */
function useSave(id: string | undefined): [(content: Content, isShared: boolean) => Promise<unknown>, boolean] {
  const navigate = useNavigate();
  const [create, isCreating] = useChange<ViewDialogCreateMutation>(graphql`
    mutation ViewDialogCreateMutation($input: CreateViewInput!) {
      createView(input: $input) {
        ... on CreateViewSuccess {
          view {
            id
            ...view_view
          }
        }
        ... on InvalidInputError {
          fields {
            path
            message
          }
        }
        ... on Error {
          code
          message
        }
      }
    }
  `);
  const [change, isChanging] = useChange<ViewDialogChangeMutation>(graphql`
    mutation ViewDialogChangeMutation($input: ChangeViewInput!) {
      changeView(input: $input) {
        ... on ChangeViewSuccess {
          view {
            id
            ...view_view
          }
        }
        ... on InvalidInputError {
          fields {
            path
            message
          }
        }
        ... on Error {
          code
          message
        }
      }
    }
  `);
  const save = async (content: Content, isShared: boolean): Promise<void> => {
    if (id) return void (await change({ input: { viewId: id, ...content } }));
    const { view } = await create(
      { input: { ...content, isShared } },
      {
        updater: (store) => {
          const made = store.getRootField("createView")?.getLinkedRecord("view");
          const root = store.get(ROOT_ID);
          if (made && root) root.setLinkedRecords([...(root.getLinkedRecords("views") ?? []), made], "views");
        },
      },
    );
    if (view) navigate(placeOf(view.id));
  };
  return [save, isCreating || isChanging];
}
