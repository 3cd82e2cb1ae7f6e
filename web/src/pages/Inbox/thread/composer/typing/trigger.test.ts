import { describe, expect, it } from "vitest";
import { readDraft, restored } from "../drafts";
import { fits, replaced, triggerAt } from "./trigger";

const both = ["/", "@"];

describe("triggerAt", () => {
  it.each([
    ["/ref", { sign: "/", from: 0, query: "ref" }],
    ["Hello\n/ref", { sign: "/", from: 6, query: "ref" }],
    ["Ask @em", { sign: "@", from: 4, query: "em" }],
    ["Ask @", { sign: "@", from: 4, query: "" }],
  ])("finds what is asked for: %j", (text, expected) => {
    expect(triggerAt(text, text.length, both)).toEqual(expected);
  });

  it.each(["a/b", "7/24", "and /or", "me@example", "@em il"])("leaves other words alone: %s", (text) => {
    expect(triggerAt(text, text.length, both)).toBeNull();
  });

  it("looks before the caret only, for the signs that are wanted", () => {
    expect(triggerAt("@em", 0, both)).toBeNull();
    expect(triggerAt("@em", 3, ["/"])).toBeNull();
  });
});

describe("replaced", () => {
  it("puts what was chosen in the place of what was typed", () => {
    const text = "Ask @em please";
    const trigger = triggerAt(text, 7, both);
    expect(trigger && replaced(text, trigger, "@Emil")).toEqual({ text: "Ask @Emil please", caret: 9 });
  });
});

describe("fits", () => {
  it("finds a name by the beginnings of its words, or by a part", () => {
    expect([fits("Refund approved", "app"), fits("Refund approved", "fund"), fits("Refund", "x")]).toEqual([
      true,
      true,
      false,
    ]);
  });
});

describe("restored", () => {
  const saved = (text: string, second: number) => ({ text, savedAt: `2026-11-22T10:00:0${second}Z` });

  it("takes the later of what is here and there", () => {
    expect(restored(saved("here", 2), saved("there", 1))).toBe("here");
    expect(restored(saved("here", 1), saved("there", 2))).toBe("there");
    expect([restored(null, saved("there", 1)), restored(saved("here", 1), null), restored(null, null)]).toEqual([
      "there",
      "here",
      "",
    ]);
  });

  it("does without what cannot be read", () => {
    expect(readDraft("reply", "x", { getItem: () => "[broken" })).toBeNull();
  });
});
