/** What a conversation is about, changed where it stands. */
import { Pencil } from "lucide-react";
import { useState } from "react";
import { Button } from "react-aria-components";
import { graphql } from "react-relay";
import { useTranslations } from "use-intl";
import type { SubjectMutation } from "~/__generated__/SubjectMutation.graphql";
import { useMay } from "~/app/viewer";
import { useChange } from "~/changes";
import { useTellProblem } from "~/components/Toast";

interface SubjectProps {
  readonly id: string;
  readonly subject: string;
}

export function Subject({ id, subject }: SubjectProps) {
  const t = useTranslations("conversation.subject");
  const mayChange = useMay("REPLY_TO_CONVERSATIONS");
  const [isEditing, setEditing] = useState(false);
  if (isEditing) return <Editing id={id} subject={subject} onClose={() => setEditing(false)} />;
  const words = subject || t("none");
  return (
    <h2 className="flex min-w-0 items-center font-semibold">
      <span className="truncate" title={words}>
        {words}
      </span>
      {mayChange && (
        <Button
          aria-label={t("change")}
          onPress={() => setEditing(true)}
          className="ms-1 shrink-0 rounded p-1 text-ink-faint hover:bg-hover hover:text-ink"
        >
          <Pencil size={16} aria-hidden className="size-3.5" />
        </Button>
      )}
    </h2>
  );
}

function Editing({ id, subject, onClose }: SubjectProps & { readonly onClose: () => void }) {
  const t = useTranslations("conversation.subject");
  const tellProblem = useTellProblem();
  const [words, setWords] = useState(subject);
  const [rename] = useChange<SubjectMutation>(graphql`
    mutation SubjectMutation($input: RenameConversationInput!) {
      renameConversation(input: $input) {
        ... on RenameConversationSuccess {
          conversation {
            id
            subject
          }
        }
        ... on Error {
          code
          message
        }
      }
    }
  `);
  const save = (): void => {
    const next = words.trim();
    onClose();
    if (next && next !== subject) rename({ input: { conversationId: id, subject: next } }).catch(tellProblem);
  };
  return (
    <input
      autoFocus
      aria-label={t("label")}
      value={words}
      maxLength={200}
      onChange={(event) => setWords(event.target.value)}
      onBlur={save}
      onFocus={(event) => event.target.select()}
      onKeyDown={(event) => {
        if (event.key === "Enter") save();
        if (event.key === "Escape") onClose();
      }}
      className="-mx-1 w-full rounded bg-sunken px-1 font-semibold"
    />
  );
}
