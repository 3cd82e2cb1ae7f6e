/** How soon something is to be seen to, as choices of a field. */
import { useTranslations } from "use-intl";
import type { Choice } from "~/components/Choice";

export const PRIORITIES = ["LOW", "NORMAL", "HIGH", "URGENT"] as const;

export function usePriorities(): readonly Choice<(typeof PRIORITIES)[number]>[] {
  const t = useTranslations("desk.priority");
  return PRIORITIES.map((id) => ({ id, label: t(id) }));
}
