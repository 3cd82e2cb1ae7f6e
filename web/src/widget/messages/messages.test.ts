import { expect, test } from "vitest";
import { chosen } from "./index";

test("the page's language goes before all others", () => {
  expect(chosen("de-AT", ["en"], ["en-GB"])).toBe("de");
});

test("else the reader's, where the company writes it", () => {
  expect(chosen(null, ["en", "de"], ["fr", "de-DE", "en"])).toBe("de");
  expect(chosen(null, ["en"], ["de"])).toBe("en");
});

test("a company that has not said what it writes takes the reader's", () => {
  expect(chosen(null, [], ["de"])).toBe("de");
  expect(chosen("xx", [], ["fr"])).toBe("en");
});
