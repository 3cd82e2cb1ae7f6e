/** The areas of the console that are the person's, in the order of the navigation, and the keys that lead there. */
import { BarChart3, BookOpen, Bot, Inbox, ListOrdered, type LucideIcon, Settings, Users } from "lucide-react";
import type { Permission } from "~/__generated__/viewerQuery.graphql";
import { useViewer } from "./viewer";

export interface Place {
  readonly to: string;
  readonly icon: LucideIcon;
  readonly name: "inbox" | "queue" | "customers" | "knowledge" | "assistant" | "analytics" | "settings";
  readonly keys: string;
  readonly needs: Permission;
}

const PLACES: readonly Place[] = [
  { to: "/inbox", icon: Inbox, name: "inbox", keys: "g i", needs: "READ_CONVERSATIONS" },
  { to: "/queue", icon: ListOrdered, name: "queue", keys: "g q", needs: "REPLY_TO_CONVERSATIONS" },
  { to: "/customers", icon: Users, name: "customers", keys: "g c", needs: "READ_CUSTOMERS" },
  { to: "/knowledge", icon: BookOpen, name: "knowledge", keys: "g k", needs: "READ_INTERNAL_KNOWLEDGE" },
  { to: "/assistant", icon: Bot, name: "assistant", keys: "g a", needs: "READ_ASSISTANT" },
  { to: "/analytics", icon: BarChart3, name: "analytics", keys: "g n", needs: "READ_ANALYTICS" },
  { to: "/settings", icon: Settings, name: "settings", keys: "g s", needs: "READ_ORGANIZATION" },
];

export function usePlaces(): readonly Place[] {
  const { grants } = useViewer();
  return PLACES.filter(({ needs }) => grants.some(({ permission }) => permission === needs));
}
