/** Markdown as the words alone. */

/** A piece of Markdown without its marks; lines and spaces stay as they are. */
export function unmarked(text: string): string {
  return text.replace(/\[([^\]]*)\]\([^)]*\)/g, "$1").replace(/(^|\s)#{1,6} |\*{2,3}|`/g, "$1");
}

/** Words of a message in one line, without the marks of Markdown. */
export function plain(text: string): string {
  return text
    .slice(0, 300)
    .replace(/\[([^\]]*)\]\([^)]*\)/g, "$1")
    .replace(/^[#>\-*\s]+|[*_`]{1,3}/gm, "")
    .replace(/\s+/g, " ")
    .trim();
}
