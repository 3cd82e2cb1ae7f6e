/** Markdown whose end is still to come, as it can be shown: what is half written waits, what is open is closed. */

/** A citation or a link of which only the beginning is there, and how long one may be to be waited for. */
const HALF_LINK = /!?\[(?:[^\]\n]{0,120}|[^\]\n]{0,120}\](?:\([^)\s]{0,400})?)$/;
/** A citation that is whole: `[2]`. */
const CITATION = /\[\d{1,2}\]$/;
/** A last line that is no words yet: it could become a heading, a list, a rule, or underline the line before. */
const HALF_LINE = /(?:^|\n)[ \t]*(?:#{1,6}|[-*+=]+|\d{1,3}[.)]?|>|`{1,2}|\|)[ \t]*$/;

/** The text as far as it means the same whatever follows. */
export function shown(text: string): string {
  if (inFence(text)) return text;
  const line = text.replace(HALF_LINE, "");
  const whole = CITATION.test(line) ? line : line.replace(HALF_LINK, "");
  return closed(whole);
}

/** With emphasis and code of the last paragraph ended; a mark that nothing follows yet is taken away. */
function closed(text: string): string {
  const paragraph = text.slice(text.lastIndexOf("\n\n") + 1);
  for (const mark of ["`", "**", "__"]) {
    if (paragraph.split(mark).length % 2 === 1) continue;
    return text.endsWith(mark) ? text.slice(0, -mark.length) : `${text.trimEnd()}${mark}`;
  }
  return text.replace(/(?<=\s)[*_]$/, "");
}

function inFence(text: string): boolean {
  return (text.match(/^ {0,3}```/gm)?.length ?? 0) % 2 === 1;
}
