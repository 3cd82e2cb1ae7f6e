/** One thing that happened, as a quiet line between messages. */
import {
  AlarmClock,
  ArrowRightLeft,
  CheckCheck,
  CircleStop,
  Flag,
  GitMerge,
  Hand,
  type LucideIcon,
  MailWarning,
  Moon,
  PenLine,
  RotateCcw,
  Settings2,
  ShieldAlert,
  Star,
  Sun,
  Tag,
  TriangleAlert,
  UserRound,
  Workflow,
} from "lucide-react";
import { memo } from "react";
import { useFormatter } from "use-intl";
import { cx } from "~/components/style";
import type { Happening } from "../live/happening";
import { useHappeningWords } from "./words";

const ICONS: Partial<Record<Happening["__typename"], LucideIcon>> = {
  AnswerStopped: CircleStop,
  AutomaticReplyReceived: MailWarning,
  ConversationAssigned: UserRound,
  ConversationMerged: GitMerge,
  ConversationReopened: RotateCcw,
  ConversationResolved: CheckCheck,
  ConversationSnoozed: Moon,
  ConversationTakenOver: Hand,
  ConversationWoken: Sun,
  HandoffRequested: ArrowRightLeft,
  MessageUndelivered: MailWarning,
  PriorityChanged: Flag,
  RuleApplied: Workflow,
  ServiceLevelBreached: TriangleAlert,
  ServiceLevelWarned: AlarmClock,
  SpamMarked: ShieldAlert,
  SubjectChanged: PenLine,
  SurveyAnswered: Star,
  TagsChanged: Tag,
};

const URGENT: readonly string[] = ["MessageUndelivered", "ServiceLevelBreached"];

export const EventLine = memo(function EventLine({ happening }: { readonly happening: Happening }) {
  const format = useFormatter();
  const words = useHappeningWords(happening);
  const Icon = ICONS[happening.__typename] ?? Settings2;
  const isUrgent = URGENT.includes(happening.__typename);
  return (
    <li className={cx("flex items-start gap-2 px-2 py-1 text-xs", isUrgent ? "text-danger" : "text-ink-faint")}>
      <Icon size={14} aria-hidden className="mt-px shrink-0" />
      <span className="min-w-0 flex-1 [overflow-wrap:anywhere]">{words}</span>
      <time dateTime={happening.at} className="shrink-0 tabular-nums">
        {format.dateTime(new Date(happening.at), { timeStyle: "short" })}
      </time>
    </li>
  );
});
