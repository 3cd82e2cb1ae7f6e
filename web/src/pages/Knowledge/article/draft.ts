/** What somebody has written and not saved yet: kept in the browser, so that a reload loses nothing. */

export interface Writing {
  readonly title: string;
  readonly body: string;
  readonly questions: readonly string[];
  readonly audience: "EVERYONE" | "INTERNAL";
  readonly link: string;
}

/** Words that were written on top of a version. */
export interface Kept {
  readonly basedOn: number;
  readonly writing: Writing;
}

const key = (id: string): string => `parley.article.${id}`;

export function keep(id: string, kept: Kept): void {
  localStorage.setItem(key(id), JSON.stringify(kept));
}

export function forget(id: string): void {
  localStorage.removeItem(key(id));
}

/** What was kept, unless it is what is stored anyway, or not ours. */
export function recall(id: string, stored: Writing): Kept | null {
  try {
    const kept = JSON.parse(localStorage.getItem(key(id)) ?? "null") as Kept | null;
    return kept?.writing && differs(kept.writing, stored) ? kept : null;
  } catch {
    return null;
  }
}

export function differs(one: Writing, other: Writing): boolean {
  const plain = ({ title, body, questions, audience, link }: Writing) =>
    JSON.stringify([title, body, questions, audience, link]);
  return plain(one) !== plain(other);
}

/** One way of asking a line; empty lines are none. */
export function lines(text: string): string[] {
  return text
    .split("\n")
    .map((line) => line.trim())
    .filter(Boolean);
}
