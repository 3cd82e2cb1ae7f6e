/** Answers come in columns; pages show rows. */
import { graphql, readInlineData } from "react-relay";
import type { answer_of$data, answer_of$key } from "~/__generated__/answer_of.graphql";

/** A value of a dimension, as filters take it, and what it is called where it is an id. */
export interface Part {
  readonly value: string | null;
  readonly label: string | null;
}

export type Numbers = Readonly<Record<string, number | null>>;

export interface Row {
  /** When its stretch of time begins; undefined where the answer is about one stretch only. */
  readonly time: string | undefined;
  /** One for each dimension. */
  readonly parts: readonly Part[];
  readonly now: Numbers;
  /** The same before; empty where nothing is compared. */
  readonly before: Numbers;
}

export interface Answer {
  readonly rows: readonly Row[];
  readonly freshness: answer_of$data["freshness"];
}

/** The rows of an answer. */
export function readAnswer(key: answer_of$key): Answer {
  const { columns, rows, freshness } = readInlineData<answer_of$key>(
    graphql`
      fragment answer_of on AnalyticsAnswer @inline {
        rows
        columns {
          name
          type
          compared
          values
          labels
        }
        freshness {
          eventsBehind
          asOf
        }
      }
    `,
    key,
  );
  return { rows: rowsOf(columns, rows), freshness };
}

interface Column {
  readonly name: string;
  readonly type: string;
  readonly compared: boolean;
  readonly values: unknown;
  readonly labels?: unknown;
}

/** Columns of so many values, as rows. */
export function rowsOf(columns: readonly Column[], count: number): readonly Row[] {
  const time = columns.find(({ type }) => type === "time");
  const dimensions = columns.filter(({ type }) => type === "dimension");
  const metrics = columns.filter(({ type }) => type === "metric");
  const numbers = (at: number, isCompared: boolean): Numbers =>
    Object.fromEntries(
      metrics.filter(({ compared }) => compared === isCompared).map(({ name, values }) => [name, number(values, at)]),
    );
  return Array.from({ length: count }, (_, at) => ({
    time: (time && word(time.values, at)) ?? undefined,
    parts: dimensions.map(({ values, labels }) => ({ value: word(values, at), label: word(labels, at) })),
    now: numbers(at, false),
    before: numbers(at, true),
  }));
}

function at(values: unknown, place: number): unknown {
  return Array.isArray(values) ? values[place] : undefined;
}

function word(values: unknown, place: number): string | null {
  const value = at(values, place);
  return typeof value === "string" ? value : null;
}

function number(values: unknown, place: number): number | null {
  const value = at(values, place);
  return typeof value === "number" ? value : null;
}

/** Rows of two answers by the same dimension, each value once: numbers of both stand together. */
export function merged(some: readonly Row[], others: readonly Row[]): readonly Row[] {
  const partOf = (row: Row): string | null => row.parts[0]?.value ?? null;
  const rows = new Map(some.map((row) => [partOf(row), row]));
  for (const other of others) {
    const row = rows.get(partOf(other)) ?? other;
    const both = { now: { ...row.now, ...other.now }, before: { ...row.before, ...other.before } };
    rows.set(partOf(other), { ...row, ...both });
  }
  return [...rows.values()];
}
