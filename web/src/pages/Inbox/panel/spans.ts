/** A length of time in the parts that people say. */

export interface Parts {
  readonly days: number;
  readonly hours: number;
  readonly minutes: number;
  /** Under ten minutes, to the second: "9:59". */
  readonly clock: string | undefined;
}

const MINUTE = 60_000;

/** The parts of so many milliseconds. */
export function partsOf(span: number): Parts {
  const all = Math.floor(span / MINUTE);
  const seconds = Math.floor(span / 1_000) % 60;
  return {
    days: Math.floor(all / 1_440),
    hours: Math.floor(all / 60) % 24,
    minutes: all % 60,
    clock: span < 10 * MINUTE ? `${all}:${`${seconds}`.padStart(2, "0")}` : undefined,
  };
}
