/** What a preview makes of a text with variables. */
import { describe, expect, it } from "vitest";
import { pieces } from "./template";

const said = (text: string, values = {}) => pieces(text, values).map(({ kind, text }) => `${kind}:${text}`);

describe("pieces", () => {
  it("puts in what is known, and tells it from what was written", () => {
    expect(said("Hi {{ customer.name }}!", { "customer.name": "Ann" })).toEqual(["text:Hi ", "value:Ann", "text:!"]);
  });

  it("says what was given for what nobody knows, be it nothing", () => {
    expect(said("{{customer.name|there}}{{agent.name|}}")).toEqual(["value:there", "value:"]);
  });

  it("shows what is missing", () => {
    expect(said("{{attribute.order}}", { "attribute.order": " " })).toEqual(["missing:{{attribute.order}}"]);
  });

  it("never reads a value as a variable", () => {
    expect(said("{{customer.name}}", { "customer.name": "{{agent.name}}", "agent.name": "x" })).toEqual([
      "value:{{agent.name}}",
    ]);
  });
});
