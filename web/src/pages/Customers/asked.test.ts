/** What is asked of customers survives the address, and nonsense in it does not. */
import { describe, expect, it } from "vitest";
import { filterOf, fromParams, isAddress, toParams } from "./asked";

const asked = (address: string) => fromParams(new URLSearchParams(address));

describe("fromParams", () => {
  it("is what toParams wrote", () => {
    const whole = { words: "ada", standing: "blocked", proof: "verified", since: "30" } as const;
    expect(fromParams(toParams(whole))).toEqual(whole);
  });

  it("leaves out what it does not know", () => {
    expect(`${toParams(asked("standing=x&since=8&proof="))}`).toBe("");
  });
});

describe("filterOf", () => {
  it("asks from a midnight on, and for nothing that was not asked", () => {
    const now = new Date(2026, 10, 22, 17, 30);
    expect(filterOf(asked("since=7&standing=heard"), now)).toEqual({
      isBlocked: false,
      createdAfter: new Date(2026, 10, 15).toISOString(),
    });
    expect(filterOf(asked(""), now)).toEqual({});
  });
});

describe("isAddress", () => {
  it("knows mail addresses and numbers from names", () => {
    expect(["ada@x.example", "+4930123456", "Ada Winter", "030 12"].map(isAddress)).toEqual([true, true, false, false]);
  });
});
