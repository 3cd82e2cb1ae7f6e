/** How soon the conversation needs somebody, and changing that. */
import { ChevronDown, ChevronsUp, ChevronUp, Minus } from "lucide-react";
import { graphql, useFragment } from "react-relay";
import { useTranslations } from "use-intl";
import type { Prioritizing_conversation$key } from "~/__generated__/Prioritizing_conversation.graphql";
import type { PrioritizingMutation } from "~/__generated__/PrioritizingMutation.graphql";
import { useMay } from "~/app/viewer";
import { useChange } from "~/changes";
import { Menu, MenuItem } from "~/components/Menu";
import { useTellProblem } from "~/components/Toast";
import { Quiet } from "./Quiet";

const PRIORITIES = ["URGENT", "HIGH", "NORMAL", "LOW"] as const;
type Priority = (typeof PRIORITIES)[number];
const MARKS = {
  URGENT: { icon: ChevronsUp, look: "text-danger" },
  HIGH: { icon: ChevronUp, look: "text-warning" },
  NORMAL: { icon: Minus, look: "text-ink-faint" },
  LOW: { icon: ChevronDown, look: "text-ink-faint" },
} as const;

export function Prioritizing({ conversation: key }: { readonly conversation: Prioritizing_conversation$key }) {
  const t = useTranslations("panel.priority");
  const tell = useTellProblem();
  const mayReply = useMay("REPLY_TO_CONVERSATIONS");
  const { id, triage } = useFragment(
    graphql`
      fragment Prioritizing_conversation on Conversation {
        id
        triage {
          priority
        }
      }
    `,
    key,
  );
  const [change, isBusy] = useChange<PrioritizingMutation>(graphql`
    mutation PrioritizingMutation($input: SetConversationPriorityInput!) {
      setConversationPriority(input: $input) {
        ... on SetConversationPrioritySuccess {
          conversation {
            id
            ...Prioritizing_conversation
          }
        }
        ... on Error {
          code
          message
        }
      }
    }
  `);
  if (!triage) return null;
  const words = <Level priority={triage.priority} />;
  if (!mayReply) return words;
  const choose = (priority: Priority): void => {
    if (priority !== triage.priority) change({ input: { conversationId: id, priority } }).catch(tell);
  };
  return (
    <Menu
      label={t("choose")}
      placement="bottom start"
      trigger={
        <Quiet icon={ChevronDown} label={t("choose")} isBusy={isBusy}>
          {words}
        </Quiet>
      }
    >
      {PRIORITIES.map((priority) => (
        <MenuItem
          key={priority}
          icon={MARKS[priority].icon}
          shortcut={priority === triage.priority ? "✓" : undefined}
          onAction={() => choose(priority)}
        >
          {t(priority)}
        </MenuItem>
      ))}
    </Menu>
  );
}

function Level({ priority }: { readonly priority: Priority }) {
  const t = useTranslations("panel.priority");
  const { icon: Icon, look } = MARKS[priority];
  return (
    <span className="flex items-center gap-2">
      <Icon size={16} aria-hidden className={look} />
      {t(priority)}
    </span>
  );
}
