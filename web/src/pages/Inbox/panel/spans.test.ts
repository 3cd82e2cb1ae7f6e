/** Lengths of time fall into the parts that people say. */
import { describe, expect, it } from "vitest";
import { partsOf } from "./spans";

const HOUR = 3_600_000;

describe("partsOf", () => {
  it("shows seconds while it is close", () => {
    expect(partsOf(65_999).clock).toBe("1:05");
    expect(partsOf(10 * 60_000 - 1).clock).toBe("9:59");
    expect(partsOf(10 * 60_000).clock).toBeUndefined();
  });

  it("leaves whole parts to the next", () => {
    expect(partsOf(25 * HOUR + 61_000)).toMatchObject({ days: 1, hours: 1, minutes: 1 });
    expect(partsOf(HOUR - 1)).toMatchObject({ days: 0, hours: 0, minutes: 59 });
  });
});
