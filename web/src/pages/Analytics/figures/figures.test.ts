/** Columns become rows, differences are told as they are, and files say what is on the screen. */
import { describe, expect, it } from "vitest";
import { merged, rowsOf } from "./answer";
import { changeOf } from "./change";
import { csv } from "./csv";
import { lengthIn } from "./words";

describe("rowsOf", () => {
  it("puts together what stands at one place of each column", () => {
    const columns = [
      {
        name: "time",
        type: "time",
        compared: false,
        values: ["2026-11-22T00:00:00+01:00", "2026-11-23T00:00:00+01:00"],
      },
      { name: "team", type: "dimension", compared: false, values: ["t1", null], labels: ["Returns", null] },
      { name: "csat", type: "metric", compared: false, values: [0.5, null] },
      { name: "csat", type: "metric", compared: true, values: [0.25, 1] },
    ];
    expect(rowsOf(columns, 2)).toEqual([
      {
        time: "2026-11-22T00:00:00+01:00",
        parts: [{ value: "t1", label: "Returns" }],
        now: { csat: 0.5 },
        before: { csat: 0.25 },
      },
      {
        time: "2026-11-23T00:00:00+01:00",
        parts: [{ value: null, label: null }],
        now: { csat: null },
        before: { csat: 1 },
      },
    ]);
  });
});

describe("changeOf", () => {
  it("is a share of what it was, and of shares the difference", () => {
    expect(changeOf(150, 100, false, true)).toEqual({ direction: "up", by: 0.5, isBetter: true });
    expect(changeOf(0.5, 0.75, true, true)).toEqual({ direction: "down", by: -0.25, isBetter: false });
    expect(changeOf(30, 60, false, false)).toEqual({ direction: "down", by: -0.5, isBetter: true });
    expect(changeOf(3, 0, false, null)).toEqual({ direction: "up", by: null, isBetter: undefined });
  });

  it("says nothing where there is nothing to say", () => {
    expect(changeOf(null, 3, false, true)).toBeNull();
    expect(changeOf(3, undefined, false, true)).toBeNull();
    expect(changeOf(1000, 1001, false, true)).toEqual({ direction: "same", by: 0, isBetter: undefined });
    expect(changeOf(0, 0, false, true)?.direction).toBe("same");
  });
});

describe("csv", () => {
  it("quotes what needs it, and runs nothing", () => {
    expect(
      csv([
        ["name", "n"],
        ['Ana "A", B', 1.5],
        ["=SUM(A1)", null],
        ["-3", -3],
      ]),
    ).toBe('name,n\r\n"Ana ""A"", B",1.5\r\n\'=SUM(A1),\r\n\'-3,-3\r\n');
  });
});

describe("merged", () => {
  it("has each value once, with the numbers of both", () => {
    const row = (value: string | null, now: Record<string, number>) => ({
      time: undefined,
      parts: [{ value, label: null }],
      now,
      before: {},
    });
    const rows = merged([row("ana", { messages: 3 })], [row(null, { csat: 1 }), row("ana", { csat: 0.5 })]);
    expect(rows).toEqual([row("ana", { messages: 3, csat: 0.5 }), row(null, { csat: 1 })]);
  });
});

describe("lengthIn", () => {
  const words = (seconds: number) => lengthIn(seconds, (amount, unit, digits) => `${amount.toFixed(digits)} ${unit}`);

  it("has the two largest units, and never sixty of one", () => {
    expect([2.84, 42.4, 61, 119.6, 3_599, 7_500, 86_399, 100_000].map(words)).toEqual([
      "2.8 second",
      "42 second",
      "1 minute 1 second",
      "2 minute",
      "1 hour",
      "2 hour 5 minute",
      "1 day",
      "1 day 4 hour",
    ]);
  });
});
