/** Values of custom attributes fit their kinds, and only what changed is sent. */
import { describe, expect, it } from "vitest";
import { changes, type Definition, fitting, type Value } from "./values";

const define = (key: string, kind: Definition["kind"]): Definition => ({ key, kind, label: key, choices: [] });

describe("fitting", () => {
  it("takes what fits the kind alone", () => {
    expect(fitting("NUMBER", 3)).toBe(3);
    expect(fitting("NUMBER", "3")).toBeNull();
    expect(fitting("BOOLEAN", false)).toBe(false);
    expect(fitting("CHOICES", ["a", 1, "b"])).toEqual(["a", "b"]);
    expect(fitting("DATE", "2026-11-22")).toBe("2026-11-22");
    expect(fitting("TEXT", undefined)).toBeNull();
  });
});

describe("changes", () => {
  const definitions = [define("plan", "TEXT"), define("seats", "NUMBER"), define("topics", "CHOICES")];
  const before = new Map<string, unknown>([
    ["plan", "Gold"],
    ["seats", 5],
  ]);

  it("names what is new, other, or gone, and nothing else", () => {
    const fields = new Map<string, Value>([
      ["plan", " Gold "],
      ["seats", Number.NaN],
      ["topics", ["returns"]],
    ]);
    expect(changes(definitions, before, fields)).toEqual([
      { key: "seats", value: null },
      { key: "topics", value: ["returns"] },
    ]);
  });

  it("is empty while nothing changed", () => {
    expect(
      changes(
        definitions,
        before,
        new Map<string, string | number>([
          ["plan", "Gold"],
          ["seats", 5],
        ]),
      ),
    ).toEqual([]);
  });
});
