import { describe, expect, it } from "vitest";
import { read, sampleOf } from "./json";

describe("read", () => {
  it("gives the value", () => {
    expect(read('{"a": [1]}')).toEqual({ value: { a: [1] } });
  });

  it("names the line that is wrong", () => {
    expect(read('{\n  "a": 1,\n  b: 2\n}')).toMatchObject({ line: 3 });
    expect(read('{\n  "a": 1')).toMatchObject({ line: 2 });
  });
});

describe("sampleOf", () => {
  it("has an empty value of the right kind for each property", () => {
    const properties = {
      order: { type: "string" },
      count: { type: "integer" },
      reason: { enum: ["broken", "late"] },
      note: { type: "string", default: "-" },
      address: { type: "object", properties: { gone: { type: "boolean" } } },
    };
    expect(sampleOf({ type: "object", properties })).toEqual({
      order: "",
      count: 0,
      reason: "broken",
      note: "-",
      address: { gone: false },
    });
  });

  it("is empty for what is no schema of an object", () => {
    expect(sampleOf({ type: "object" })).toEqual({});
    expect(sampleOf(null)).toEqual({});
  });
});
