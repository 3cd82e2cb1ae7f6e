/** A version while somebody writes it: kept in the browser, so that a reload loses nothing. */

export interface Draft {
  readonly instructions: string;
  readonly tone: string;
  readonly languages: string;
  readonly forbiddenTopics: string;
  readonly model: string;
  readonly temperature: number | null;
  readonly mostTokens: number;
  /** 0 to 100 percent. */
  readonly leastSupport: number;
  readonly note: string;
}

/** What a version says, as far as another can begin with it. */
export interface Origin {
  readonly instructions: string;
  readonly tone: string;
  readonly languages: readonly string[];
  readonly forbiddenTopics: readonly string[];
  readonly model?: string | null;
  readonly temperature?: number | null;
  readonly mostTokens: number;
  readonly leastSupport: number;
}

const EMPTY: Draft = {
  instructions: "",
  tone: "",
  languages: "",
  forbiddenTopics: "",
  model: "",
  temperature: null,
  mostTokens: 800,
  leastSupport: 0,
  note: "",
};

export function draftOf(origin: Origin | undefined): Draft {
  if (!origin) return EMPTY;
  const { instructions, tone, mostTokens } = origin;
  return {
    instructions,
    tone,
    mostTokens,
    languages: origin.languages.join(", "),
    forbiddenTopics: origin.forbiddenTopics.join("\n"),
    model: origin.model ?? "",
    temperature: origin.temperature ?? null,
    leastSupport: Math.round(origin.leastSupport * 100),
    note: "",
  };
}

export function inputOf(draft: Draft) {
  const { instructions, tone, temperature, mostTokens, note } = draft;
  return {
    instructions,
    tone,
    temperature,
    mostTokens,
    note,
    languages: parts(draft.languages, /[\s,;]+/),
    forbiddenTopics: parts(draft.forbiddenTopics, /\n/),
    model: draft.model.trim() || null,
    leastSupport: draft.leastSupport / 100,
  };
}

function parts(text: string, between: RegExp): string[] {
  return text
    .split(between)
    .map((part) => part.trim())
    .filter(Boolean);
}

const KEY = "parley.instructions";

export function keep(draft: Draft): void {
  localStorage.setItem(KEY, JSON.stringify(draft));
}

export function forget(): void {
  localStorage.removeItem(KEY);
}

/** What was being written here before, if anything. */
export function recall(): Draft | null {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(KEY) ?? "null");
    return typeof kept === "object" && kept !== null ? { ...EMPTY, ...kept } : null;
  } catch {
    return null;
  }
}
