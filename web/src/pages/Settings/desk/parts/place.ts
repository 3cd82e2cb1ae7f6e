/** The order of things that have a place, as a number: how it changes when some of them are moved. */

/** The keys after some of them were put before or after another. */
export function moved(
  order: readonly string[],
  keys: readonly string[],
  target: string,
  isAfter: boolean,
): readonly string[] {
  if (keys.includes(target)) return order;
  const rest = order.filter((key) => !keys.includes(key));
  const at = rest.indexOf(target) + (isAfter ? 1 : 0);
  return [...rest.slice(0, at), ...order.filter((key) => keys.includes(key)), ...rest.slice(at)];
}

/** Between two places there is room for nine more. */
const STEP = 10;

/** The few whose place has to change, for the order to be so: each with its new place, from 0 to 999. */
export function replaced(
  order: readonly string[],
  placeOf: (key: string) => number,
): readonly { readonly key: string; readonly place: number }[] {
  return order.map((key, index) => ({ key, place: index * STEP })).filter(({ key, place }) => placeOf(key) !== place);
}

/** A place behind all of these. */
export function last(places: readonly number[]): number {
  return Math.min(999, Math.max(-STEP, ...places) + STEP);
}
