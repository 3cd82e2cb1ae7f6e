import { expect, it } from "vitest";
import { changed } from "./lines";

it("leaves out what stayed, and has both words of what did not", () => {
  const before = [
    { field: "tone", words: "Warm" },
    { field: "mostTokens", words: "800" },
  ] as const;
  const after = [
    { field: "tone", words: "Warm" },
    { field: "mostTokens", words: "400" },
  ] as const;
  expect(changed(before, after)).toEqual([{ field: "mostTokens", words: "400", before: "800" }]);
  expect(changed(before, before)).toEqual([]);
});
