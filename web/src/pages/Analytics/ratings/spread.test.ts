import { expect, it } from "vitest";
import { spread } from "./spread";

it("counts each score, and the share of fours and fives", () => {
  const { satisfied, counts } = spread([5, 4, 4, 1]);
  expect(satisfied).toBe(0.75);
  expect(counts.map(({ count }) => count)).toEqual([1, 2, 0, 0, 1]);
});

it("is 0 where nobody answered", () => {
  expect(spread([]).satisfied).toBe(0);
});
