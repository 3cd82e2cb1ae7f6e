/** The views that everybody has; what one saves comes after them. */
import type { LucideIcon } from "lucide-react";
import { AlarmClock, Archive, Bot, CircleDashed, Hourglass, Inbox, ShieldAlert, User } from "lucide-react";
import type { Filter, Order } from "../list/filter";

export type SystemView = "mine" | "waiting" | "unassigned" | "assistant" | "open" | "snoozed" | "resolved" | "spam";

interface Definition {
  readonly icon: LucideIcon;
  readonly filter: Filter;
  readonly order: Order;
}

const OPEN = ["WITH_ASSISTANT", "WAITING", "WITH_PERSON"] as const;

export const VIEWS: Readonly<Record<SystemView, Definition>> = {
  mine: { icon: User, filter: { isMine: true, states: OPEN, isSnoozed: false }, order: "ACTIVITY" },
  waiting: { icon: Hourglass, filter: { states: ["WAITING"], isSnoozed: false }, order: "WAITING" },
  unassigned: { icon: CircleDashed, filter: { isAssigned: false, states: OPEN, isSnoozed: false }, order: "ACTIVITY" },
  assistant: { icon: Bot, filter: { states: ["WITH_ASSISTANT"], isSnoozed: false }, order: "ACTIVITY" },
  open: { icon: Inbox, filter: { states: OPEN, isSnoozed: false }, order: "ACTIVITY" },
  snoozed: { icon: AlarmClock, filter: { isSnoozed: true }, order: "ACTIVITY" },
  resolved: { icon: Archive, filter: { states: ["RESOLVED"] }, order: "ACTIVITY" },
  spam: { icon: ShieldAlert, filter: { isSpam: true }, order: "ACTIVITY" },
};

/** Where who comes to the inbox lands. */
export const FIRST_VIEW: SystemView = "open";

export function isSystemView(view: string): view is SystemView {
  return view in VIEWS;
}
