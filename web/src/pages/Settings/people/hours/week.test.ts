/** Business hours as they are edited. */
import { describe, expect, it } from "vitest";
import { changed, copied, extended, hoursOf, isRight, OFFICE, problemOf, weekOf } from "./week";

const NIGHT = [
  { day: "MONDAY", opens: "18:00", closes: "24:00" },
  { day: "MONDAY", opens: "08:00", closes: "12:00" },
] as const;

describe("weekOf", () => {
  it("puts the spans of a day in order, and goes back to what the server takes", () => {
    const week = weekOf(NIGHT);
    expect(week.MONDAY.map((span) => span.opens)).toEqual(["08:00", "18:00"]);
    expect(week.MONDAY[1]?.closes).toBe("00:00");
    expect(hoursOf(week)).toEqual([NIGHT[1], NIGHT[0]]);
  });
});

describe("problemOf", () => {
  it("sees what ends before it begins, and what overlaps", () => {
    const early = changed(OFFICE, "MONDAY", 0, { opens: "17:00", closes: "09:00" });
    expect([problemOf(early, "MONDAY", 0), isRight(early)]).toEqual(["order", false]);
    const twice = weekOf([...NIGHT, { day: "MONDAY", opens: "11:00", closes: "13:00" }]);
    expect(twice.MONDAY.map((_, at) => problemOf(twice, "MONDAY", at))).toEqual(["overlap", "overlap", undefined]);
  });

  it("takes midnight for an end, and spans that touch for two", () => {
    expect(isRight(weekOf([...NIGHT, { day: "MONDAY", opens: "12:00", closes: "18:00" }]))).toBe(true);
  });
});

describe("editing", () => {
  it("adds after the last span, takes away, and copies Monday", () => {
    const longer = extended(OFFICE, "MONDAY");
    expect(longer.MONDAY.at(-1)).toEqual({ opens: "17:00", closes: "00:00" });
    expect(copied(longer).FRIDAY).toHaveLength(2);
    expect(changed(longer, "MONDAY", 0, null).MONDAY).toHaveLength(1);
    expect(hoursOf(OFFICE)).toHaveLength(5);
  });
});
