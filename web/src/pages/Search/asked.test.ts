/** What is searched for survives the address, and becomes what the API takes. */
import { describe, expect, it } from "vitest";
import { fromParams, isEnough, NOTHING, narrowing, toParams, variablesOf } from "./asked";

describe("fromParams", () => {
  it("is what toParams wrote", () => {
    const asked = { ...NOTHING, words: "torn sleeve", type: "MESSAGE", state: "WAITING", since: "2026-11-01" } as const;
    expect(fromParams(toParams(asked))).toEqual(asked);
    expect(narrowing(asked)).toBe(2);
  });

  it("asks for nothing where the address has nonsense", () => {
    expect(fromParams(new URLSearchParams("type=X&state=&since=2026-13-45&before=soon&until=tomorrow"))).toEqual(
      NOTHING,
    );
  });
});

describe("variablesOf", () => {
  it("counts the last day in, and takes the earlier of two ends", () => {
    const asked = { ...NOTHING, words: " parcel ", since: "2026-11-01", until: "2026-11-30" };
    const ends = { since: new Date(2026, 10, 1).toISOString(), until: new Date(2026, 11, 1).toISOString() };
    expect(variablesOf(asked)).toEqual({ words: "parcel", types: null, filter: ends });
    const before = new Date(2026, 10, 20).toISOString();
    expect(variablesOf({ ...asked, before }).filter).toEqual({ ...ends, until: before });
  });

  it("leaves out what customers and articles do not have", () => {
    const asked = { ...NOTHING, words: "ada", state: "WAITING", agent: "a", author: "AGENT" } as const;
    expect(variablesOf(asked).filter).toEqual({
      states: ["WAITING"],
      authorKinds: ["AGENT", "ADMIN"],
      assigneeIds: ["a"],
    });
    expect(variablesOf({ ...asked, type: "CUSTOMER" }).filter).toBeNull();
  });

  it("wants two letters at least", () => {
    expect([isEnough({ ...NOTHING, words: " a " }), isEnough({ ...NOTHING, words: "ab" })]).toEqual([false, true]);
  });
});
