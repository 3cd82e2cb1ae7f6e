/** What a dashboard is asked: its range, what it is set beside, and its filters; all of it stands in the address. */

export const RANGES = ["today", "7d", "30d", "90d", "custom"] as const;
export type RangeName = (typeof RANGES)[number];

export const COMPARISONS = ["period", "year", "none"] as const;
export type Comparison = (typeof COMPARISONS)[number];

export const STEPS = ["hour", "day", "week", "month", "quarter"] as const;
export type Step = (typeof STEPS)[number];

/** The dimensions that everything can be filtered by, in the words of addresses. */
export const FILTERS = ["inbox", "channel", "team", "person", "topic", "language", "priority"] as const;
export type FilterName = (typeof FILTERS)[number];

/** Values of a dimension; the empty word stands for having none. */
export type Chosen = Readonly<Record<FilterName, readonly string[]>>;

export interface Question {
  readonly range: RangeName;
  /** Days such as `2026-11-23`, both of them in the range; set where the range is `custom`. */
  readonly since: string;
  readonly until: string;
  readonly compare: Comparison;
  /** Null for what suits the range. */
  readonly step: Step | null;
  readonly chosen: Chosen;
}

const NOTHING: Chosen = { inbox: [], channel: [], team: [], person: [], topic: [], language: [], priority: [] };
const DAY = /^\d{4}-\d{2}-\d{2}$/;

/** What an address asks; whatever it says wrongly counts as not said. */
export function read(search: URLSearchParams): Question {
  const since = dayIn(search.get("since"));
  const until = dayIn(search.get("until"));
  const wanted = one(RANGES, search.get("range")) ?? "30d";
  const range = wanted === "custom" && !(since && until && since <= until) ? "30d" : wanted;
  return {
    range,
    since: range === "custom" ? since : "",
    until: range === "custom" ? until : "",
    compare: one(COMPARISONS, search.get("compare")) ?? "period",
    step: one(STEPS, search.get("by")),
    chosen: Object.fromEntries(FILTERS.map((name) => [name, [...new Set(search.getAll(name))]])) as unknown as Chosen,
  };
}

/** The address of a question: what is usual is not said. */
export function write(question: Question): URLSearchParams {
  const search = new URLSearchParams();
  if (question.range !== "30d") search.set("range", question.range);
  if (question.range === "custom") {
    search.set("since", question.since);
    search.set("until", question.until);
  }
  if (question.compare !== "period") search.set("compare", question.compare);
  if (question.step) search.set("by", question.step);
  for (const name of FILTERS) for (const value of question.chosen[name]) search.append(name, value);
  return search;
}

/** The question without filters. */
export function unfiltered(question: Question): Question {
  return { ...question, chosen: NOTHING };
}

/** How many values are chosen. */
export function narrowing({ chosen }: Question): number {
  return FILTERS.reduce((sum, name) => sum + chosen[name].length, 0);
}

const DAYS = { today: 1, "7d": 7, "30d": 30, "90d": 90 } as const;

/** From the first moment until before the last one, by the clocks of this browser. */
export interface Span {
  readonly from: string;
  readonly to: string;
}

/** The time that a question is about; whole days, today until its end. */
export function spanOf(question: Question, now: Date): Span {
  if (question.range === "custom") return { from: midnight(question.since), to: midnight(question.until, 1) };
  const today = dayOf(now);
  return { from: midnight(today, 1 - DAYS[question.range]), to: midnight(today, 1) };
}

/** The day that a moment is in by the clocks of this browser, such as `2026-11-23`. */
export function dayOf(at: Date): string {
  const two = (part: number): string => `${part}`.padStart(2, "0");
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
}

/** How many days a span has, about: clocks may be changed in between. */
export function daysIn({ from, to }: Span): number {
  return Math.round((Date.parse(to) - Date.parse(from)) / 86_400_000);
}

/** How long the stretches of time are: as chosen if that gives a readable number of them, else what suits the span. */
export function stepOf(question: Question, span: Span): Step {
  const { step } = question;
  return step && stepsFor(span).includes(step) ? step : suiting(daysIn(span));
}

/** The stretches that a span can be told apart by: none are longer than it, and they are 400 at most. */
export function stepsFor(span: Span): readonly Step[] {
  const days = daysIn(span);
  const found = STEPS.filter((step) => LENGTHS[step] <= days && days / LENGTHS[step] <= 400);
  return found.length > 0 ? found : ["day"];
}

const LENGTHS: Readonly<Record<Step, number>> = { hour: 1 / 24, day: 1, week: 7, month: 28, quarter: 90 };

function suiting(days: number): Step {
  if (days <= 2) return "hour";
  if (days <= 45) return "day";
  return days <= 200 ? "week" : "month";
}

function midnight(day: string, later = 0): string {
  const [year = 0, month = 1, date = 1] = day.split("-").map(Number);
  return new Date(year, month - 1, date + later).toISOString();
}

function dayIn(words: string | null): string {
  return words && DAY.test(words) && !Number.isNaN(Date.parse(words)) ? words : "";
}

function one<T extends string>(of: readonly T[], word: string | null): T | null {
  return of.find((each) => each === word) ?? null;
}
