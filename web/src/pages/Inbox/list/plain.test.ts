import { describe, expect, it } from "vitest";
import { plain, unmarked } from "./plain";

describe("plain", () => {
  it("is the words in one line", () => {
    expect(plain("## Returns\n\n- **45 days**, see [the page](https://a.example)")).toBe(
      "Returns 45 days, see the page",
    );
  });
});

describe("unmarked", () => {
  it("takes marks away and leaves lines and what is no mark", () => {
    expect(unmarked("**Returns**\n## How to\n2 * 3 is #6, a_b")).toBe("Returns\nHow to\n2 * 3 is #6, a_b");
  });
  it("takes any piece of a text", () => {
    expect(unmarked(" bought · ## How to return ")).toBe(" bought · How to return ");
  });
});
