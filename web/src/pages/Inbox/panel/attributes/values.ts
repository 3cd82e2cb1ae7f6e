/** Values of custom attributes: what a definition lets them be, and how they stand in fields. */

export type Kind = "TEXT" | "NUMBER" | "BOOLEAN" | "DATE" | "CHOICE" | "CHOICES";

/** What an attribute holds, as it travels; null holds nothing. */
export type Value = string | number | boolean | readonly string[] | null;

export interface Definition {
  readonly key: string;
  readonly label: string;
  readonly kind: Kind;
  readonly choices: readonly string[];
}

/** The value that was sent, if it is of the kind; null where it is not, or where there is none. */
export function fitting(kind: Kind, sent: unknown): Value {
  switch (kind) {
    case "NUMBER":
      return typeof sent === "number" ? sent : null;
    case "BOOLEAN":
      return typeof sent === "boolean" ? sent : null;
    case "CHOICES":
      return Array.isArray(sent) ? sent.filter((one): one is string => typeof one === "string") : null;
    default:
      return typeof sent === "string" ? sent : null;
  }
}

/** What is kept of a field: an empty text and an empty choice are nothing. */
export function kept(value: Value): Value {
  if (typeof value === "string") return value.trim() === "" ? null : value.trim();
  if (typeof value === "number") return Number.isFinite(value) ? value : null;
  return Array.isArray(value) && value.length === 0 ? null : value;
}

export function isSame(one: Value, other: Value): boolean {
  return JSON.stringify(kept(one)) === JSON.stringify(kept(other));
}

/** Of what is in the fields, what has changed, as the API takes it. */
export function changes(
  definitions: readonly Definition[],
  before: ReadonlyMap<string, unknown>,
  fields: ReadonlyMap<string, Value>,
): { key: string; value: Value }[] {
  return definitions.flatMap(({ key, kind }) => {
    const value = kept(fields.get(key) ?? null);
    return isSame(value, fitting(kind, before.get(key))) ? [] : [{ key, value }];
  });
}
