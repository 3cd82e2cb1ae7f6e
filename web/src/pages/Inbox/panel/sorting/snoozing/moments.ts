/** When a snoozed conversation is to come back: the moments that people mean most often. */

export interface Moment {
  readonly id: "later" | "tomorrow" | "monday" | "week";
  readonly at: Date;
}

/** The hour at which a day's work begins. */
const MORNING = 9;
const LATER_HOURS = 3;

/** The moments ahead, soonest first, in the time of whoever asks. */
export function momentsAfter(now: Date): Moment[] {
  const later = new Date(now);
  later.setHours(now.getHours() + LATER_HOURS, 0, 0, 0);
  const untilMonday = ((8 - now.getDay()) % 7 || 7) as number;
  const moments: Moment[] = [
    { id: "later", at: later },
    { id: "tomorrow", at: morning(now, 1) },
    { id: "monday", at: morning(now, untilMonday) },
    { id: "week", at: morning(now, 7) },
  ];
  return moments.filter(({ at }, place) => moments.findIndex((other) => other.at.getTime() === at.getTime()) === place);
}

/** A moment as fields of date and time have it: "2026-11-23T09:00". */
export function asField(at: Date): string {
  const two = (part: number): string => `${part}`.padStart(2, "0");
  const day = [at.getFullYear(), two(at.getMonth() + 1), two(at.getDate())].join("-");
  return `${day}T${two(at.getHours())}:${two(at.getMinutes())}`;
}

function morning(now: Date, days: number): Date {
  return new Date(now.getFullYear(), now.getMonth(), now.getDate() + days, MORNING);
}
