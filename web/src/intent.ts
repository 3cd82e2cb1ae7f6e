/** What nobody needs to read is fetched once somebody is about to do something: a pointer moves, or a key is pressed. */
type Fetch = () => Promise<unknown>;

const SIGNS = ["pointermove", "pointerdown", "keydown"] as const;
let waiting: Set<Fetch> | null = new Set();

/** Fetch something at the first sign that somebody is there, or at once if they are; later ones find it there. */
export function fetchOnIntent(fetch: Fetch): void {
  if (waiting) waiting.add(fetch);
  else fetch().catch(() => {}); // what cannot be fetched now is fetched when it is wanted
}

function begin(): void {
  for (const sign of SIGNS) removeEventListener(sign, begin, true);
  const all = waiting ?? [];
  waiting = null;
  for (const fetch of all) fetchOnIntent(fetch);
}

for (const sign of SIGNS) addEventListener(sign, begin, { capture: true, passive: true });
