/** Why a condition was true or not: the server's lines, taken apart so that they can be said in the reader's language. */

export interface Reason {
  readonly fact: string;
  readonly operator: string;
  readonly wanted: string;
  readonly isTrue: boolean;
  /** What was the case; empty for nothing. */
  readonly was: string;
}

const LINE = /^(\S+) (is|contains|starts_with|above|below|any|all|exists) (.*): (yes|no), it was (.*)$/s;
const BETWEEN = /; (?=[a-z]+\.[a-z_]\S* (?:is|contains|starts_with|above|below|any|all|exists) )/;

/** One line in its parts; null for what is said otherwise. */
export function reasonOf(line: string): Reason | null {
  const [, fact, operator, wanted, answer, was] = LINE.exec(line) ?? [];
  if (!fact || !operator || wanted === undefined || was === undefined) return null;
  return { fact, operator, wanted, isTrue: answer === "yes", was: was === "nothing" ? "" : was };
}

/** The lines of a run's reason. */
export function linesOf(reason: string | null | undefined): readonly string[] {
  return reason ? reason.split(BETWEEN) : [];
}

/** What stands inside an opaque id: the same as in the lines. */
export function innerId(id: string): string {
  try {
    return atob(id).split(":").at(-1) ?? id;
  } catch {
    return id;
  }
}
