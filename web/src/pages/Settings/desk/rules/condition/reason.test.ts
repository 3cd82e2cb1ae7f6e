/** Reading the lines that say why a rule did something. */
import { describe, expect, it } from "vitest";
import { innerId, linesOf, reasonOf } from "./reason";

describe("reasonOf", () => {
  it("takes a line apart", () => {
    expect(reasonOf("conversation.priority is high, urgent: no, it was normal")).toEqual({
      fact: "conversation.priority",
      operator: "is",
      wanted: "high, urgent",
      isTrue: false,
      was: "normal",
    });
  });

  it("knows nothing from a word", () => {
    expect(reasonOf("customer.name exists True: no, it was nothing")?.was).toBe("");
  });

  it("is not misled by what customers write", () => {
    const line = "message.text contains a: yes, it was b: yes, it was c";
    expect(reasonOf(line)).toMatchObject({ fact: "message.text", isTrue: true, was: "c" });
    expect(reasonOf("Three rules in a row.")).toBeNull();
  });
});

describe("linesOf", () => {
  it("parts them, but not at every semicolon", () => {
    const first = "message.text contains refund: no, it was I wait; still";
    const second = "conversation.tags any x: no, it was nothing";
    expect(linesOf(`${first}; ${second}`)).toEqual([first, second]);
    expect(linesOf(null)).toEqual([]);
  });
});

describe("innerId", () => {
  it("is what stands inside", () => {
    expect(innerId(btoa("Tag:0f3c"))).toBe("0f3c");
    expect(innerId("%")).toBe("%");
  });
});
