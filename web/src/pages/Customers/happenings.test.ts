/** Every event that is known has words in the catalogue, and an unknown one is still readable. */
import { describe, expect, it } from "vitest";
import words from "~/messages/en/customers";
import { isKnown, sortOf, spelled } from "./happenings";

describe("happenings", () => {
  it("has words for each that it knows, and knows each that it has words for", () => {
    expect(Object.keys(words.event).filter((event) => !isKnown(event))).toEqual([]);
  });

  it("takes nothing inherited for an event", () => {
    expect(isKnown("toString")).toBe(false);
    expect(sortOf("constructor")).toBe("other");
  });

  it("spells what it does not know", () => {
    expect(spelled("ToolCalled")).toBe("Tool called");
  });
});
