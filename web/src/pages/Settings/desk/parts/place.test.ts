/** Moving things in an order, and which places that changes. */
import { describe, expect, it } from "vitest";
import { last, moved, replaced } from "./place";

describe("moved", () => {
  it("puts before and after another, in the order they had", () => {
    expect(moved(["a", "b", "c", "d"], ["d", "a"], "c", false)).toEqual(["b", "a", "d", "c"]);
    expect(moved(["a", "b", "c"], ["a"], "c", true)).toEqual(["b", "c", "a"]);
  });

  it("leaves all where it is when something is put beside itself", () => {
    expect(moved(["a", "b"], ["a"], "a", true)).toEqual(["a", "b"]);
  });
});

describe("replaced", () => {
  it("names those alone whose place changes", () => {
    const places: Record<string, number> = { a: 0, b: 20, c: 10 };
    expect(replaced(["a", "c", "b"], (key) => places[key] ?? 0)).toEqual([]);
    expect(replaced(["c", "a", "b"], (key) => places[key] ?? 0)).toEqual([
      { key: "c", place: 0 },
      { key: "a", place: 10 },
    ]);
  });
});

describe("last", () => {
  it("is behind all, and never beyond the end", () => {
    expect([last([]), last([0, 30]), last([999])]).toEqual([0, 40, 999]);
  });
});
