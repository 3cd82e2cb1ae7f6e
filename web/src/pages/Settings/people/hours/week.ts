/** A week of business hours as a person edits it: the spans of each day, in order, and what is wrong with them. */
import type { OpeningHoursInput } from "~/__generated__/settingsMutation.graphql";

export type Day = OpeningHoursInput["day"];

export const DAYS = [
  "MONDAY",
  "TUESDAY",
  "WEDNESDAY",
  "THURSDAY",
  "FRIDAY",
  "SATURDAY",
  "SUNDAY",
] as const satisfies readonly Day[];

/** From when until when, as `09:00`; an end of `00:00` is midnight, which the server calls `24:00`. */
export interface Span {
  readonly opens: string;
  readonly closes: string;
}

export type Week = Readonly<Record<Day, readonly Span[]>>;

const MIDNIGHT = "24:00";
const USUAL: Span = { opens: "09:00", closes: "17:00" };

/** Nine to five, Monday to Friday: something to begin with. */
export const OFFICE: Week = copied(weekOf([{ day: "MONDAY", ...USUAL }]));

export function weekOf(hours: readonly OpeningHoursInput[]): Week {
  const spansOf = (day: Day): readonly Span[] =>
    hours
      .filter((one) => one.day === day)
      .map(({ opens, closes }) => ({ opens, closes: closes === MIDNIGHT ? "00:00" : closes }))
      .sort((one, other) => (one.opens < other.opens ? -1 : 1));
  return {
    MONDAY: spansOf("MONDAY"),
    TUESDAY: spansOf("TUESDAY"),
    WEDNESDAY: spansOf("WEDNESDAY"),
    THURSDAY: spansOf("THURSDAY"),
    FRIDAY: spansOf("FRIDAY"),
    SATURDAY: spansOf("SATURDAY"),
    SUNDAY: spansOf("SUNDAY"),
  };
}

export function hoursOf(week: Week): OpeningHoursInput[] {
  return DAYS.flatMap((day) => week[day].map(({ opens, closes }) => ({ day, opens, closes: ending(closes) })));
}

/** The same span of a day otherwise; null takes it away. */
export function changed(week: Week, day: Day, at: number, span: Span | null): Week {
  return { ...week, [day]: week[day].flatMap((one, index) => (index !== at ? one : (span ?? []))) };
}

/** Another span of a day: after the last one, or the usual one. */
export function extended(week: Week, day: Day): Week {
  const last = week[day].at(-1);
  const span = last ? { opens: last.closes, closes: "00:00" } : USUAL;
  return { ...week, [day]: [...week[day], span] };
}

/** Monday's hours for each day until Friday. */
export function copied(week: Week): Week {
  const { MONDAY } = week;
  return { ...week, TUESDAY: MONDAY, WEDNESDAY: MONDAY, THURSDAY: MONDAY, FRIDAY: MONDAY };
}

export type SpanProblem = "order" | "overlap";

/** What is wrong with a span of a day, if anything is. */
export function problemOf(week: Week, day: Day, at: number): SpanProblem | undefined {
  const span = week[day][at];
  if (!span) return undefined;
  if (!span.opens || !span.closes || span.opens >= ending(span.closes)) return "order";
  const isOver = (other: Span): boolean => span.opens < ending(other.closes) && other.opens < ending(span.closes);
  return week[day].some((other, index) => index !== at && isOver(other)) ? "overlap" : undefined;
}

export function isRight(week: Week): boolean {
  return DAYS.every((day) => week[day].every((_, at) => problemOf(week, day, at) === undefined));
}

function ending(closes: string): string {
  return closes === "00:00" ? MIDNIGHT : closes;
}
