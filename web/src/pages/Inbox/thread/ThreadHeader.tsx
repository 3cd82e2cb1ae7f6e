/** Above a conversation: whose it is, what it is about, who has it, and what can be done with it. */
import type { ReactNode } from "react";
import { graphql, useFragment } from "react-relay";
import { useTranslations } from "use-intl";
import type { ThreadHeader_conversation$key } from "~/__generated__/ThreadHeader_conversation.graphql";
import { Avatar, Badge, type Tone } from "~/components/Badge";
import { Acts } from "./acts/Acts";
import { Subject } from "./Subject";

const CONVERSATION = graphql`
  fragment ThreadHeader_conversation on Conversation {
    id
    state
    subject
    isAnswering
    handoffReason
    customer {
      id
      name
    }
    assignee {
      id
      name
    }
    inbox {
      name
      channel
    }
    mergedInto {
      id
    }
  }
`;

const TONES: Record<string, Tone> = {
  WITH_ASSISTANT: "assistant",
  WAITING: "warning",
  WITH_PERSON: "accent",
  RESOLVED: "success",
};

interface ThreadHeaderProps {
  readonly conversation: ThreadHeader_conversation$key;
  /** Who else is there. */
  readonly watchers: ReactNode;
}

export function ThreadHeader({ conversation: key, watchers }: ThreadHeaderProps) {
  const t = useTranslations("conversation");
  const conversation = useFragment(CONVERSATION, key);
  const { assignee, customer, inbox, state } = conversation;
  const name = customer?.name || t("visitor");
  return (
    <header className="flex flex-wrap items-center gap-x-3 gap-y-2 border-line border-b bg-surface px-4 py-2.5">
      <Avatar name={name} size={32} />
      <div className="min-w-40 flex-1">
        <Subject id={conversation.id} subject={conversation.subject} />
        <p className="flex min-w-0 flex-wrap items-center gap-x-2 text-ink-muted text-xs">
          <span className="max-w-48 truncate">{name}</span>
          {inbox && <span className="max-w-40 truncate">{inbox.name}</span>}
          <Badge tone={TONES[state]}>
            {assignee ? t("states.has", { name: assignee.name }) : t(`states.${state}`)}
          </Badge>
        </p>
      </div>
      {watchers}
      <Acts conversation={conversation} />
    </header>
  );
}
