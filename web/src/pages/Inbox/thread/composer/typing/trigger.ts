/** What a typed "/" or "@" asks for: a macro, a colleague. */
export interface Trigger {
  readonly sign: "/" | "@";
  /** Where the sign stands. */
  readonly from: number;
  /** What follows it, up to the caret. */
  readonly query: string;
}

/** The sign before the caret, if it begins a word: a macro only where nothing else is on the line. */
export function triggerAt(text: string, caret: number, signs: readonly string[]): Trigger | null {
  const found = /(^|\s)([/@])([^\s/@]{0,40})$/u.exec(text.slice(0, caret));
  const [, , sign, query = ""] = found ?? [];
  if (!found || (sign !== "/" && sign !== "@") || !signs.includes(sign)) return null;
  const from = caret - query.length - 1;
  const line = text.slice(text.lastIndexOf("\n", from - 1) + 1, from);
  return sign === "/" && line.trim() !== "" ? null : { sign, from, query };
}

/** The text with what was chosen in place of the sign and what follows it, and where the caret goes. */
export function replaced(text: string, trigger: Trigger, words: string): { text: string; caret: number } {
  const rest = text.slice(trigger.from + 1 + trigger.query.length);
  return { text: text.slice(0, trigger.from) + words + rest, caret: trigger.from + words.length };
}

/** Whether each word of the query begins a word of the name. */
export function fits(name: string, query: string): boolean {
  const words = name.toLocaleLowerCase().split(/\s+/);
  return query
    .toLocaleLowerCase()
    .split(/\s+/)
    .every((part) => words.some((word) => word.startsWith(part)) || name.toLocaleLowerCase().includes(part));
}
