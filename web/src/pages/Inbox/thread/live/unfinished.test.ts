import { describe, expect, it } from "vitest";
import { shown } from "./unfinished";

describe("shown", () => {
  it.each([
    ["It takes 5 days [", "It takes 5 days "],
    ["It takes 5 days [1", "It takes 5 days "],
    ["It takes 5 days [1]", "It takes 5 days [1]"],
    ["It takes 5 days [1].", "It takes 5 days [1]."],
    ["See [our terms", "See "],
    ["See [our terms](https://exa", "See "],
    ["See [our terms](https://example.com)", "See [our terms](https://example.com)"],
  ])("waits for the end of a citation or a link: %s", (text, expected) => {
    expect(shown(text)).toBe(expected);
  });

  it.each([
    ["**Return", "**Return**"],
    ["**Return**", "**Return**"],
    ["Then **", "Then "],
    ["Run `parley", "Run `parley`"],
    ["**Whole** and `half", "**Whole** and `half`"],
  ])("closes what is open: %s", (text, expected) => {
    expect(shown(text)).toBe(expected);
  });

  it.each([
    ["A line\n-", "A line"],
    ["A line\n##", "A line"],
    ["A line\n12.", "A line"],
    ["A line\n- one", "A line\n- one"],
  ])("waits for the words of a line that is marks alone: %j", (text, expected) => {
    expect(shown(text)).toBe(expected);
  });

  it("leaves code as it is", () => {
    expect(shown("```\nx = **y")).toBe("```\nx = **y");
  });
});
