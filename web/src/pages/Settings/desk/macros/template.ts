/** Texts with variables, such as {{customer.name}} or {{customer.name|there}}: what a preview makes of them. */

const VARIABLE = /\{\{\s*([a-z][a-z0-9_.]*)\s*(?:\|([^{}]*))?\}\}/g;

/** One stretch of a text: as it was written, as a value, or a variable that nobody knows. */
export interface Piece {
  readonly kind: "text" | "value" | "missing";
  readonly text: string;
}

/** The text in pieces; values are never read as variables. */
export function pieces(text: string, values: Readonly<Record<string, string>>): readonly Piece[] {
  const found: Piece[] = [];
  let end = 0;
  for (const match of text.matchAll(VARIABLE)) {
    if (match.index > end) found.push({ kind: "text", text: text.slice(end, match.index) });
    found.push(valued(match, values));
    end = match.index + match[0].length;
  }
  if (end < text.length) found.push({ kind: "text", text: text.slice(end) });
  return found;
}

function valued([all, name = "", otherwise]: RegExpMatchArray, values: Readonly<Record<string, string>>): Piece {
  const known = values[name]?.trim();
  if (known) return { kind: "value", text: known };
  return otherwise === undefined ? { kind: "missing", text: all } : { kind: "value", text: otherwise.trim() };
}
