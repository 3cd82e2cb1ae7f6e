/** One deed for many things: each by a request of its own, few at a time, and what became of them. */

/** So many requests at once; the server has a budget for each caller. */
const AT_ONCE = 4;

export interface Failure {
  readonly id: string;
  readonly message: string;
}

/** Do it for each; what failed is told, and stops nothing else. */
export async function forEach(ids: readonly string[], act: (id: string) => Promise<unknown>): Promise<Failure[]> {
  const failures: Failure[] = [];
  const waiting = [...ids];
  const work = async (): Promise<void> => {
    for (let id = waiting.shift(); id !== undefined; id = waiting.shift()) {
      const one = id;
      await act(one).catch((error: unknown) => {
        failures.push({ id: one, message: error instanceof Error ? error.message : `${error}` });
      });
    }
  };
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, ids.length) }, work));
  return failures;
}

/** The reasons, each once, the most frequent first. */
export function reasonsOf(failures: readonly Failure[]): { readonly message: string; readonly count: number }[] {
  const counts = new Map<string, number>();
  for (const { message } of failures) counts.set(message, (counts.get(message) ?? 0) + 1);
  return [...counts].map(([message, count]) => ({ message, count })).sort((one, other) => other.count - one.count);
}
