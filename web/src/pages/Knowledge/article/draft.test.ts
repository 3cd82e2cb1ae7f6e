import { afterEach, describe, expect, it } from "vitest";
import { differs, forget, keep, lines, recall, type Writing } from "./draft";

const stored: Writing = { title: "Returns", body: "30 days.", questions: [], audience: "EVERYONE", link: "" };

afterEach(() => localStorage.clear());

describe("recall", () => {
  it("gives back what was written over a version", () => {
    const kept = { basedOn: 3, writing: { ...stored, body: "31 days." } };
    keep("a", kept);
    expect(recall("a", stored)).toEqual(kept);
    expect(recall("b", stored)).toBeNull();
  });

  it("gives nothing back that is stored already, was forgotten, or is not ours", () => {
    keep("a", { basedOn: 3, writing: stored });
    expect(recall("a", stored)).toBeNull();
    keep("a", { basedOn: 3, writing: { ...stored, title: "Other" } });
    forget("a");
    expect(recall("a", stored)).toBeNull();
    localStorage.setItem("parley.article.a", "{");
    expect(recall("a", stored)).toBeNull();
  });
});

it("tells versions apart by everything that is written", () => {
  expect(differs(stored, { ...stored })).toBe(false);
  expect(differs(stored, { ...stored, questions: ["How long?"] })).toBe(true);
});

it("reads ways of asking from lines", () => {
  expect(lines(" How long?\n\n What for? \n")).toEqual(["How long?", "What for?"]);
});
