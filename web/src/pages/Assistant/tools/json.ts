/** JSON that people type: read, shown, and told what is wrong with it and where. */

export type Read = { readonly value: unknown } | { readonly problem: string; readonly line: number | null };

/** What a text says as JSON, or what is wrong in which line (from 1; null where the browser does not say). */
export function read(text: string): Read {
  try {
    return { value: JSON.parse(text) };
  } catch (error) {
    const words = error instanceof Error ? error.message : "";
    return { problem: words, line: lineOf(words, text) };
  }
}

/** Whether a value is a JSON object: neither a list nor null. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function write(value: unknown): string {
  return JSON.stringify(value, null, 2);
}

/** Browsers name the line, or the position, or that the text ended too soon. */
function lineOf(words: string, text: string): number | null {
  const line = /line (\d+)/.exec(words)?.[1];
  if (line) return Number(line);
  const at = /position (\d+)/.exec(words)?.[1];
  if (at) return text.slice(0, Number(at)).split("\n").length;
  return /end of/i.test(words) ? text.split("\n").length : null;
}

/** Arguments to begin a try with, made from a schema: each property empty, in the kind that it wants. */
export function sampleOf(schema: unknown): Record<string, unknown> {
  if (!isObject(schema) || !isObject(schema.properties)) return {};
  return Object.fromEntries(Object.entries(schema.properties).map(([name, one]) => [name, emptyOf(one)]));
}

function emptyOf(schema: unknown): unknown {
  if (!isObject(schema)) return "";
  if (schema.default !== undefined) return schema.default;
  if (Array.isArray(schema.enum)) return schema.enum[0];
  if (schema.type === "object") return sampleOf(schema);
  const empty: Readonly<Record<string, unknown>> = { array: [], boolean: false, integer: 0, null: null, number: 0 };
  return typeof schema.type === "string" && schema.type in empty ? empty[schema.type] : "";
}
