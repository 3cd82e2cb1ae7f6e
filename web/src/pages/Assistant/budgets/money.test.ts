import { describe, expect, it } from "vitest";
import { amount, byDay, lastDays, micros } from "./money";

describe("micros and amount", () => {
  it("come back to what was typed", () => {
    expect(micros(2.5)).toBe(2_500_000);
    expect(amount(micros(0.1))).toBe(0.1);
  });

  it("are empty where the field is", () => {
    expect(micros(Number.NaN)).toBeNull();
    expect(micros(null)).toBeNull();
    expect(amount(null)).toBeNaN();
  });
});

describe("lastDays", () => {
  it("ends with today in UTC", () => {
    expect(lastDays(7, new Date("2027-03-09T23:30:00Z"))).toEqual({
      since: "2027-03-03T00:00:00.000Z",
      until: "2027-03-10T00:00:00.000Z",
    });
  });
});

describe("byDay", () => {
  it("has every day of the range once, also over the end of a month", () => {
    const range = { since: "2027-02-27T00:00:00.000Z", until: "2027-03-02T00:00:00.000Z" };
    const days = byDay(range, [{ day: "2027-03-01", value: 5 }]);
    expect(days.map((day) => new Date(day.at * 1_000).toISOString().slice(0, 10))).toEqual([
      "2027-02-27",
      "2027-02-28",
      "2027-03-01",
    ]);
    expect(days.map((day) => day.value)).toEqual([0, 0, 5]);
  });
});
