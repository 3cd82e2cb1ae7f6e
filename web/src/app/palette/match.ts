/** Which of many titles fit what somebody typed. */

/** So many are enough to choose from once something is typed. */
const MOST = 8;

/** Those that have each word at the beginning of one of theirs first, then those that have it anywhere; all for no words. */
export function fitting<T extends { readonly title: string; readonly group: string }>(
  all: readonly T[],
  text: string,
): readonly T[] {
  const words = plain(text).split(/\s+/).filter(Boolean);
  if (words.length === 0) return all;
  const scored = all.flatMap((one) => {
    const score = scoreOf(plain(`${one.title} ${one.group}`), words);
    return score > 0 ? [{ one, score }] : [];
  });
  return scored
    .sort((one, other) => other.score - one.score)
    .slice(0, MOST)
    .map(({ one }) => one);
}

function scoreOf(title: string, words: readonly string[]): number {
  const scores = words.map((word) => {
    const at = title.indexOf(word);
    if (at < 0) return 0;
    return at === 0 ? 3 : title[at - 1] === " " ? 2 : 1;
  });
  return scores.includes(0) ? 0 : scores.reduce<number>((sum, score) => sum + score, 0);
}

function plain(text: string): string {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}
