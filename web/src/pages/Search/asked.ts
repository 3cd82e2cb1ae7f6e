/** What is searched for: as the address says it, and as the API takes it. */

export const TYPES = ["MESSAGE", "NOTE", "CUSTOMER", "ARTICLE"] as const;
export const STATES = ["WITH_ASSISTANT", "WAITING", "WITH_PERSON", "RESOLVED"] as const;
export const AUTHORS = ["CUSTOMER", "AGENT", "ASSISTANT"] as const;

export type Type = (typeof TYPES)[number];
export type State = (typeof STATES)[number];
export type AuthorKind = (typeof AUTHORS)[number];

/** Empty texts ask for nothing; days are those of calendars, "2026-11-22". */
export interface Asked {
  readonly words: string;
  readonly type: Type | "";
  readonly state: State | "";
  readonly author: AuthorKind | "";
  readonly inbox: string;
  readonly tag: string;
  readonly agent: string;
  readonly since: string;
  /** The last day that counts. */
  readonly until: string;
  /** A moment before which to look, where the newer ones were looked through already. */
  readonly before: string;
}

export const NOTHING: Asked = {
  words: "",
  type: "",
  state: "",
  author: "",
  inbox: "",
  tag: "",
  agent: "",
  since: "",
  until: "",
  before: "",
};

const DAY = /^\d{4}-\d\d-\d\d$/;
/** What is about messages and notes alone. */
const SPOKEN = ["state", "author", "inbox", "tag", "agent"] as const;

export function fromParams(params: URLSearchParams): Asked {
  const text = (name: string): string => params.get(name) ?? "";
  const day = (name: string): string =>
    DAY.test(text(name)) && !Number.isNaN(Date.parse(text(name))) ? text(name) : "";
  return {
    words: text("q"),
    type: oneOf(TYPES, text("type")),
    state: oneOf(STATES, text("state")),
    author: oneOf(AUTHORS, text("author")),
    inbox: text("inbox"),
    tag: text("tag"),
    agent: text("agent"),
    since: day("since"),
    until: day("until"),
    before: Number.isNaN(Date.parse(text("before"))) ? "" : text("before"),
  };
}

export function toParams({ words, ...rest }: Asked): URLSearchParams {
  return new URLSearchParams(Object.entries({ q: words.trim(), ...rest }).filter(([, value]) => value !== ""));
}

/** Whether the words are enough to look for. */
export function isEnough({ words }: Asked): boolean {
  return words.trim().length > 1;
}

/** How many filters narrow it. */
export function narrowing({ words: _, type: __, ...filters }: Asked): number {
  return Object.values(filters).filter(Boolean).length;
}

/** Whether filters of messages and notes make sense: customers and articles have none of it. */
export function isSpoken({ type }: Asked): boolean {
  return type !== "CUSTOMER" && type !== "ARTICLE";
}

interface Variables {
  readonly words: string;
  readonly types: readonly Type[] | null;
  readonly filter: Readonly<Record<string, unknown>> | null;
}

export function variablesOf(asked: Asked): Variables {
  const { words, type, state, author, inbox, tag, agent, since, until, before } = isSpoken(asked)
    ? asked
    : { ...asked, ...Object.fromEntries(SPOKEN.map((name) => [name, ""])) };
  const ends = [until && startOf(until, 1), before].filter(Boolean).sort();
  const filter = {
    ...(state && { states: [state] }),
    ...(author && { authorKinds: author === "AGENT" ? ["AGENT", "ADMIN"] : [author] }),
    ...(inbox && { inboxIds: [inbox] }),
    ...(tag && { anyTagIds: [tag] }),
    ...(agent && { assigneeIds: [agent] }),
    ...(since && { since: startOf(since) }),
    ...(ends[0] && { until: ends[0] }),
  };
  return {
    words: words.trim(),
    types: type ? [type] : null,
    filter: Object.keys(filter).length > 0 ? filter : null,
  };
}

/** When a day begins where one is, or so many days later. */
function startOf(day: string, later = 0): string {
  const [year = 0, month = 1, date = 1] = day.split("-").map(Number);
  return new Date(year, month - 1, date + later).toISOString();
}

function oneOf<T extends string>(known: readonly T[], given: string): T | "" {
  return known.find((one) => one === given) ?? "";
}
