/** Until when one usually wants a conversation out of sight. */
export type Preset = "later" | "tomorrow" | "nextWeek" | "reply";
export const PRESETS: readonly Preset[] = ["later", "tomorrow", "nextWeek", "reply"];

const MORNING = 9;
const LATER = 3 * 60 * 60_000;

/** In three hours, at nine tomorrow, at nine next Monday; null for until the customer writes. */
export function untilOf(preset: Preset, now: Date): Date | null {
  if (preset === "reply") return null;
  if (preset === "later") return new Date(now.getTime() + LATER);
  const days = preset === "tomorrow" ? 1 : (8 - now.getDay()) % 7 || 7;
  return new Date(now.getFullYear(), now.getMonth(), now.getDate() + days, MORNING);
}
