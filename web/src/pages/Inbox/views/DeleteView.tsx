/** Asks before a view is deleted; its conversations stay. */
import { graphql } from "react-relay";
import { useTranslations } from "use-intl";
import type { DeleteViewMutation } from "~/__generated__/DeleteViewMutation.graphql";
import { useNavigate } from "~/app/navigation";
import { useChange } from "~/changes";
import { ConfirmDialog } from "~/components/Dialog";
import { placeOf } from "../place";
import { FIRST_VIEW } from "./system";
import type { Saved } from "./ViewDialog";

interface DeleteViewProps {
  readonly view: Saved;
  readonly onClose: () => void;
}

export default function DeleteView({ view, onClose }: DeleteViewProps) {
  const t = useTranslations("inbox.views");
  const navigate = useNavigate();
  const [remove, isBusy] = useChange<DeleteViewMutation>(graphql`
    mutation DeleteViewMutation($input: DeleteViewInput!) {
      deleteView(input: $input) {
        ... on DeleteViewSuccess {
          deletedId @deleteRecord
        }
        ... on Error {
          code
          message
        }
      }
    }
  `);
  const confirm = async (): Promise<void> => {
    await remove({ input: { viewId: view.id } });
    navigate(placeOf(FIRST_VIEW));
  };
  return (
    <ConfirmDialog
      isOpen
      title={t("deleteTitle", { name: view.name })}
      action={t("delete")}
      isBusy={isBusy}
      onClose={onClose}
      onConfirm={confirm}
    >
      {t(view.isShared ? "deleteSharedHint" : "deleteHint")}
    </ConfirmDialog>
  );
}
