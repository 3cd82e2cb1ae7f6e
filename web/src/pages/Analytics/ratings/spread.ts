/** How scores from 1 (bad) to 5 (good) lie. */

export interface Spread {
  /** The share of 4 and 5; 0 where nobody answered. */
  readonly satisfied: number;
  /** Each score with how often it was given, the best first. */
  readonly counts: readonly { readonly score: number; readonly count: number }[];
}

export function spread(scores: readonly number[]): Spread {
  const count = (score: number): number => scores.filter((one) => one === score).length;
  const counts = [5, 4, 3, 2, 1].map((score) => ({ score, count: count(score) }));
  return { satisfied: scores.length === 0 ? 0 : (count(5) + count(4)) / scores.length, counts };
}
