/** Conditions from the API and back. */
import { describe, expect, it } from "vitest";
import { group, isGroup, newId, read, written } from "./condition";

const priority = { fact: "conversation.priority", is: ["high", "urgent"] };
const text = { fact: "message.text", contains: ["refund"] };

describe("read and written", () => {
  it.each([
    ["nothing", {}],
    ["a test", priority],
    ["all", { all: [priority, text] }],
    ["a tree", { any: [{ all: [priority, text] }, { not: text }, { not: { any: [text, priority] } }] }],
  ])("keep %s as it was", (_, tree) => {
    expect(written(read(tree))).toEqual(tree);
  });

  it("say the same with fewer words where that can be", () => {
    expect(written(read({ not: { not: text } }))).toEqual(text);
    expect(written(read({ all: [{ any: [text] }] }))).toEqual(text);
    expect(written(read({ fact: "customer.name", exists: false }))).toEqual({
      not: { fact: "customer.name", exists: [true] },
    });
    expect(written(read({ not: { fact: "customer.is_known", is: [true] } }))).toEqual({
      fact: "customer.is_known",
      is: [false],
    });
  });
});

describe("written", () => {
  it("leaves out what says nothing yet", () => {
    const unfinished = { id: newId(), fact: "message.text", operator: "contains", values: [], isNot: false };
    expect(written(group([unfinished, group()]))).toEqual({});
  });
});

describe("read", () => {
  it("is not put off by what it does not know", () => {
    expect(read("?").parts).toEqual([]);
    expect(read({ all: [{ some: 1 }, text] }).parts).toHaveLength(1);
    expect(isGroup(read(text))).toBe(true);
  });
});
