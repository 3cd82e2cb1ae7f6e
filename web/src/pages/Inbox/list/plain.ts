/** Markdown as the words alone. */

/** Words of a message in one line, without the marks of Markdown. */
export function plain(text: string): string {
  return text
    .slice(0, 300)
    .replace(/\[([^\]]*)\]\([^)]*\)/g, "$1")
    .replace(/^[#>\-*\s]+|[*_`]{1,3}/gm, "")
    .replace(/\s+/g, " ")
    .trim();
}
