/** What is on the screen, as a file for spreadsheets. */

export type Cell = string | number | null | undefined;

/** What a spreadsheet would run as a formula. */
const FORMULA = /^[=+\-@\t\r]/;
const SPECIAL = /[",\r\n]/;

/** Comma-separated values by RFC 4180; words that a spreadsheet would run are marked as words. */
export function csv(rows: readonly (readonly Cell[])[]): string {
  return rows.map((row) => `${row.map(quoted).join(",")}\r\n`).join("");
}

function quoted(cell: Cell): string {
  if (cell === null || cell === undefined) return "";
  if (typeof cell === "number") return `${cell}`;
  const words = FORMULA.test(cell) ? `'${cell}` : cell;
  return SPECIAL.test(words) ? `"${words.replaceAll('"', '""')}"` : words;
}

/** Hand the browser a file to keep. */
export function save(name: string, rows: readonly (readonly Cell[])[]): void {
  // The mark says to spreadsheets that this is UTF-8.
  const address = URL.createObjectURL(new Blob(["\uFEFF", csv(rows)], { type: "text/csv;charset=utf-8" }));
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 1_000);
}
