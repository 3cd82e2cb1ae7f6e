/** How a number differs from what it was. */

export type Direction = "up" | "down" | "same";

export interface Change {
  readonly direction: Direction;
  /** Of what it was: 0.25 for a quarter more; null where it was nothing. Of shares, the difference itself. */
  readonly by: number | null;
  /** Whether it is better or worse now; undefined where that cannot be said. */
  readonly isBetter: boolean | undefined;
}

/** The difference as it is shown; null where one of both is not known. */
export function changeOf(
  now: number | null | undefined,
  before: number | null | undefined,
  isShare: boolean,
  isBetterHigher: boolean | null | undefined,
): Change | null {
  if (typeof now !== "number" || typeof before !== "number") return null;
  const difference = now - before;
  const by = isShare ? difference : before === 0 ? (difference === 0 ? 0 : null) : difference / before;
  // What is shown as 0 % is no change.
  if (by !== null && Math.abs(by) < 0.005) return { direction: "same", by: 0, isBetter: undefined };
  const isUp = difference > 0;
  const isBetter = typeof isBetterHigher === "boolean" ? isUp === isBetterHigher : undefined;
  return { direction: isUp ? "up" : "down", by, isBetter };
}

/** By metric: whether more is better; null where neither more nor less is. */
export type Betterness = ReadonlyMap<string, boolean | null | undefined>;

/** Read off the catalogue. */
export function betterness(
  metrics: readonly { readonly name: string; readonly isBetterHigher: boolean | null | undefined }[],
): Betterness {
  return new Map(metrics.map(({ name, isBetterHigher }) => [name, isBetterHigher]));
}
