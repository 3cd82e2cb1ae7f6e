/** What is pressing about a conversation: who has it, how long it waits, how soon it is due, how much it matters. */
import {
  AlarmClock,
  Bot,
  CheckCircle2,
  ChevronDown,
  ChevronsUp,
  ChevronUp,
  Hourglass,
  type LucideIcon,
  Timer,
  TimerOff,
} from "lucide-react";
import { graphql, useFragment } from "react-relay";
import { useTranslations } from "use-intl";
import type { Marks_conversation$data, Marks_conversation$key } from "~/__generated__/Marks_conversation.graphql";
import { Avatar } from "~/components/Badge";
import { cx } from "~/components/style";
import { useSpan } from "./Brief";

/** A clock is shown from so long before its end, unless the server warned before. */
const SOON = 60 * 60_000;
const PRIORITIES = {
  LOW: { icon: ChevronDown, look: "text-ink-faint" },
  HIGH: { icon: ChevronUp, look: "text-warning" },
  URGENT: { icon: ChevronsUp, look: "text-danger" },
} as const;

export function Marks({ conversation: key }: { readonly conversation: Marks_conversation$key }) {
  const conversation = useFragment(
    graphql`
      fragment Marks_conversation on Conversation {
        state
        waitingSince
        isAnswering
        assignee {
          id
          name
        }
        triage {
          priority
          isSnoozed
        }
        serviceLevels {
          target
          state
          dueAt
        }
      }
    `,
    key,
  );
  return (
    <span className="flex shrink-0 items-center gap-2">
      <Due of={conversation} />
      <Priority of={conversation} />
      <Standing of={conversation} />
    </span>
  );
}

interface MarkProps {
  readonly icon: LucideIcon;
  readonly label: string;
  readonly look: string;
  readonly words?: string;
}

function Mark({ icon: Icon, label, look, words }: MarkProps) {
  return (
    <span title={label} className={cx("flex items-center gap-1 text-2xs tabular-nums", look)}>
      <Icon size={14} aria-hidden />
      <span className="sr-only">{label}</span>
      {words && <span>{words}</span>}
    </span>
  );
}

function Standing({ of }: { readonly of: Marks_conversation$data }) {
  const t = useTranslations("inbox.row");
  const waited = useSpan(of.state === "WAITING" ? of.waitingSince : null);
  if (of.triage?.isSnoozed) return <Mark icon={AlarmClock} label={t("snoozed")} look="text-ink-faint" />;
  if (of.state === "WAITING") return <Mark icon={Hourglass} label={t("waiting")} look="text-warning" words={waited} />;
  if (of.state === "RESOLVED") return <Mark icon={CheckCircle2} label={t("resolved")} look="text-success" />;
  if (of.state === "WITH_ASSISTANT")
    return (
      <Mark icon={Bot} label={t("withAssistant")} look={cx("text-assistant", of.isAnswering && "animate-pulse-soft")} />
    );
  if (!of.assignee) return null;
  return (
    <span title={t("withPerson", { name: of.assignee.name })}>
      <Avatar name={of.assignee.name} size={18} />
      <span className="sr-only">{t("withPerson", { name: of.assignee.name })}</span>
    </span>
  );
}

function Priority({ of }: { readonly of: Marks_conversation$data }) {
  const t = useTranslations("inbox.priority");
  const priority = of.triage?.priority;
  if (!priority || priority === "NORMAL" || !(priority in PRIORITIES)) return null;
  const { icon, look } = PRIORITIES[priority as keyof typeof PRIORITIES];
  return <Mark icon={icon} look={look} label={t(priority)} />;
}

/** The clock that ends first, once it is close or has ended. */
function Due({ of }: { readonly of: Marks_conversation$data }) {
  const t = useTranslations("inbox.row");
  const targets = useTranslations("inbox.target");
  const [first] = (of.serviceLevels ?? [])
    .filter((level) => level.dueAt && ["ON_TRACK", "AT_RISK", "BREACHED"].includes(level.state))
    .sort((one, other) => Date.parse(one.dueAt ?? "") - Date.parse(other.dueAt ?? ""));
  const span = useSpan(first?.dueAt);
  if (!first?.dueAt) return null;
  const isOver = Date.parse(first.dueAt) < Date.now();
  if (first.state === "ON_TRACK" && Date.parse(first.dueAt) - Date.now() > SOON) return null;
  const label = t(isOver ? "overdue" : "due", { span, target: targets(first.target) });
  const look = isOver ? "text-danger" : first.state === "AT_RISK" ? "text-warning" : "text-ink-muted";
  return <Mark icon={isOver ? TimerOff : Timer} label={label} look={look} words={isOver ? `−${span}` : span} />;
}
