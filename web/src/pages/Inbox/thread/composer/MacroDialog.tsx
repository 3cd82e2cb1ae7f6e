/** A macro before it is used: what it would say here, and what it does beside. */
import { useState } from "react";
import { graphql, useLazyLoadQuery } from "react-relay";
import { useTranslations } from "use-intl";
import type { MacroDialogMutation } from "~/__generated__/MacroDialogMutation.graphql";
import type { MacroDialogQuery, MacroDialogQuery$data } from "~/__generated__/MacroDialogQuery.graphql";
import { useChange } from "~/changes";
import { Button } from "~/components/Button";
import { Dialog } from "~/components/Dialog";
import { Notice, Problem } from "~/components/Feedback";
import { append } from "../live/follow";
import type { Named } from "./sending/outbox";

interface MacroDialogProps {
  readonly conversationId: string;
  readonly macro: Named;
  /** Put its words where one types. */
  readonly onInsert: (text: string) => void;
  readonly onClose: () => void;
}

type Macro = NonNullable<MacroDialogQuery$data["macro"]>;

export default function MacroDialog({ conversationId, macro, onInsert, onClose }: MacroDialogProps) {
  const t = useTranslations("composer.macro");
  const { preview, macro: found } = useLazyLoadQuery<MacroDialogQuery>(
    graphql`
      query MacroDialogQuery($conversation: ID!, $macro: ID!) {
        preview: macroPreview(conversationId: $conversation, macroId: $macro) {
          text
          missing
        }
        macro: node(id: $macro) {
          ... on Macro {
            actions {
              priority
              addedTags {
                name
              }
              attributes {
                key
              }
              handling
              snoozeMinutes
              snoozeUntilReply
              resolve
            }
          }
        }
      }
    `,
    { conversation: conversationId, macro: macro.id },
    { fetchPolicy: "network-only" },
  );
  const [apply, isApplying] = useApply(conversationId);
  const [problem, setProblem] = useState<unknown>(null);
  const missing = preview?.missing ?? [];
  const run = (): void => {
    apply(macro.id).then(onClose, setProblem);
  };
  return (
    <Dialog title={macro.name} isOpen onClose={onClose}>
      <div className="flex flex-col gap-4">
        {preview?.text && (
          <p className="max-h-60 overflow-auto whitespace-pre-wrap rounded-md bg-sunken px-3 py-2">{preview.text}</p>
        )}
        {found?.actions && <Deeds actions={found.actions} />}
        {missing.length > 0 && <Notice tone="warning">{t("missing", { names: missing.join(", ") })}</Notice>}
        <Problem of={problem} />
        <div className="flex flex-wrap justify-end gap-2">
          {preview?.text && <Button onPress={() => onInsert(preview.text)}>{t("insert")}</Button>}
          <Button look="primary" isBusy={isApplying} isDisabled={missing.length > 0} onPress={run} autoFocus>
            {t(preview?.text ? "sendAndApply" : "apply")}
          </Button>
        </div>
      </div>
    </Dialog>
  );
}

/** What it does beside, one line each. */
function Deeds({ actions }: { readonly actions: NonNullable<Macro["actions"]> }) {
  const t = useTranslations("composer.macro");
  const tags = actions.addedTags.flatMap((tag) => (tag ? [tag.name] : []));
  const deeds = [
    actions.priority && t("priority", { priority: t(`priorities.${actions.priority}`) }),
    tags.length > 0 && t("tags", { tags: tags.join(", ") }),
    actions.attributes.length > 0 && t("attributes", { names: actions.attributes.map(({ key }) => key).join(", ") }),
    actions.handling && t(`handling.${actions.handling}`),
    actions.snoozeMinutes && t("snooze", { minutes: actions.snoozeMinutes }),
    actions.snoozeUntilReply && t("snoozeUntilReply"),
    actions.resolve && t("resolve"),
  ].filter((deed): deed is string => Boolean(deed));
  if (deeds.length === 0) return null;
  return (
    <ul className="list-disc ps-5 text-ink-muted">
      {deeds.map((deed) => (
        <li key={deed}>{deed}</li>
      ))}
    </ul>
  );
}

function useApply(conversationId: string): [(macroId: string) => Promise<unknown>, boolean] {
  const [apply, isApplying] = useChange<MacroDialogMutation>(graphql`
    mutation MacroDialogMutation($input: ApplyMacroInput!) {
      applyMacro(input: $input) {
        ... on ApplyMacroSuccess {
          conversation {
            ...ThreadHeader_conversation
          }
          sentMessage {
            id
            number
            createdAt
            ...MessageItem_message
          }
        }
        ... on Error {
          code
          message
        }
      }
    }
  `);
  const run = (macroId: string): Promise<unknown> =>
    apply(
      { input: { conversationId, macroId } },
      {
        updater: (store) => {
          const sent = store.getRootField("applyMacro")?.getLinkedRecord("sentMessage");
          const conversation = store.get(conversationId);
          if (sent && conversation) append(store, conversation, "ThreadTimeline_messages", sent, "MessageListEdge");
        },
      },
    );
  return [run, isApplying];
}
