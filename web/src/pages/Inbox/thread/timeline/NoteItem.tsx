/** What a colleague wrote for colleagues: it looks unlike anything that customers get. */
import { Lock, Trash2 } from "lucide-react";
import { lazy, memo, Suspense, useState } from "react";
import { graphql, useFragment } from "react-relay";
import { useTranslations } from "use-intl";
import type { NoteItem_note$key } from "~/__generated__/NoteItem_note.graphql";
import type { NoteItemDeleteMutation } from "~/__generated__/NoteItemDeleteMutation.graphql";
import { useViewer } from "~/app/viewer";
import { useChange } from "~/changes";
import { IconButton } from "~/components/Button";
import { ConfirmDialog } from "~/components/Dialog";
import { Bubble } from "./message/Bubble";
import { Mentioning } from "./message/Mentioning";

const Attachments = lazy(() => import("./message/Attachments"));

const NOTE = graphql`
  fragment NoteItem_note on Note {
    id
    text
    createdAt
    deletedAt
    author {
      id
      name
    }
    mentioned {
      id
      name
    }
    attachments {
      ...Attachments_file
    }
  }
`;

export const NoteItem = memo(function NoteItem({ note: key }: { readonly note: NoteItem_note$key }) {
  const t = useTranslations("conversation.note");
  const note = useFragment(NOTE, key);
  const isMine = useViewer().agent?.id === note.author?.id;
  const marks = (
    <span className="inline-flex items-center gap-1 text-note">
      <Lock size={12} aria-hidden />
      {t("mark")}
    </span>
  );
  return (
    <li>
      <Bubble
        side="note"
        name={note.author?.name ?? t("byRule")}
        at={note.createdAt}
        isFirst
        marks={marks}
        beside={isMine && !note.deletedAt && <TakeBack id={note.id} />}
      >
        {note.deletedAt ? (
          <p className="text-ink-muted italic">{t("takenBack")}</p>
        ) : (
          <Mentioning text={note.text} names={note.mentioned.map((agent) => agent.name)} />
        )}
        {note.attachments.length > 0 && (
          <Suspense>
            <Attachments files={note.attachments} />
          </Suspense>
        )}
      </Bubble>
    </li>
  );
});

function TakeBack({ id }: { readonly id: string }) {
  const t = useTranslations("conversation.note");
  const [isAsking, setAsking] = useState(false);
  const [remove, isBusy] = useChange<NoteItemDeleteMutation>(graphql`
    mutation NoteItemDeleteMutation($input: DeleteNoteInput!) {
      deleteNote(input: $input) {
        ... on DeleteNoteSuccess {
          note {
            ...NoteItem_note
          }
        }
        ... on Error {
          code
          message
        }
      }
    }
  `);
  return (
    <>
      <IconButton icon={Trash2} label={t("takeBack")} onPress={() => setAsking(true)} size="small" />
      <ConfirmDialog
        title={t("takeBackAsk")}
        action={t("takeBack")}
        isOpen={isAsking}
        isBusy={isBusy}
        onClose={() => setAsking(false)}
        onConfirm={() => remove({ input: { noteId: id } })}
      >
        {t("takeBackHint")}
      </ConfirmDialog>
    </>
  );
}
