/** A list's filter: as an address, and as the rule that says what belongs to it. */
import { describe, expect, it } from "vitest";
import { belongs, type Facts, type Filter, fromParams, isBefore, rankOf, tidy, toParams } from "./filter";
import { rangeOf } from "./window";

const NOW = Date.parse("2026-03-02T12:00:00Z");

function facts(changed: Partial<Facts> = {}, triage: Partial<NonNullable<Facts["triage"]>> = {}): Facts {
  return {
    state: "WAITING",
    unreadCount: 0,
    startedAt: "2026-03-01T12:00:00Z",
    lastActivityAt: "2026-03-02T11:00:00Z",
    waitingSince: "2026-03-02T11:30:00Z",
    customer: { id: "customer" },
    assignee: null,
    inbox: { id: "inbox", channel: "EMAIL" },
    triage: { priority: "NORMAL", isSnoozed: false, isSpam: false, tags: [], attributes: [], ...triage },
    ...changed,
  };
}

const isIn = (filter: Filter, ...of: Parameters<typeof facts>): boolean =>
  belongs(facts(...of), { filter, order: "ACTIVITY", me: "me" }, NOW);

describe("the address of a filter", () => {
  it("says all of it and comes back the same", () => {
    const filter: Filter = {
      states: ["WAITING", "WITH_PERSON"],
      channels: ["EMAIL"],
      isAssigned: false,
      isUnread: true,
      anyTagIds: ["a", "b"],
      waitingSeconds: 600,
      startedAfter: "2026-03-01T00:00:00Z",
      attributes: [{ key: "size", value: 3 }],
    };
    const read = fromParams(new URLSearchParams(toParams(filter, "PRIORITY").toString()));
    expect(read).toEqual({ filter, order: "PRIORITY" });
  });

  it("holds nothing where nothing is asked, and survives nonsense", () => {
    expect(fromParams(new URLSearchParams("attributes={&order=UP&waitingSeconds=-1"))).toEqual({});
  });
});

describe("tidy", () => {
  it("leaves out what lets everything through", () => {
    const said = { states: [], isMine: false, isAssigned: null, isSnoozed: false, isSpam: false, customerId: null };
    expect(tidy(said)).toEqual({ isSnoozed: false });
  });
});

describe("belongs", () => {
  it("goes by state, people and flags", () => {
    expect(isIn({ states: ["WAITING"] })).toBe(true);
    expect(isIn({ states: ["RESOLVED"] })).toBe(false);
    expect(isIn({ isMine: true })).toBe(false);
    expect(isIn({ isMine: true }, { assignee: { id: "me" } })).toBe(true);
    expect(isIn({ isAssigned: false }, { assignee: { id: "other" } })).toBe(false);
    expect(isIn({ isUnread: true }, { unreadCount: 2 })).toBe(true);
    expect(isIn({ channels: ["CHAT"] })).toBe(false);
  });

  it("leaves spam out unless it is asked for", () => {
    expect(isIn({}, {}, { isSpam: true })).toBe(false);
    expect(isIn({ isSpam: true }, {}, { isSpam: true })).toBe(true);
    expect(isIn({ isSpam: true })).toBe(false);
  });

  it("goes by tags and attributes", () => {
    const labels = { tags: [{ id: "a" }], attributes: [{ key: "sizes", value: ["S", "M"] }] };
    expect(isIn({ anyTagIds: ["a", "b"] }, {}, labels)).toBe(true);
    expect(isIn({ allTagIds: ["a", "b"] }, {}, labels)).toBe(false);
    expect(isIn({ attributes: [{ key: "sizes", value: "M" }] }, {}, labels)).toBe(true);
    expect(isIn({ attributes: [{ key: "sizes", value: "L" }] }, {}, labels)).toBe(false);
  });

  it("goes by times", () => {
    expect(isIn({ waitingSeconds: 1_800 })).toBe(true);
    expect(isIn({ waitingSeconds: 1_801 })).toBe(false);
    expect(isIn({ activeBefore: "2026-03-02T11:00:00Z" })).toBe(false);
    expect(isIn({ startedAfter: "2026-03-01T12:00:00Z" })).toBe(true);
  });

  it("leaves who does not wait out of those who wait longest", () => {
    const wanted = { filter: {}, order: "WAITING", me: undefined } as const;
    expect(belongs(facts({ waitingSince: null }), wanted, NOW)).toBe(false);
  });
});

describe("the place in a list", () => {
  it("is by activity, waiting, or priority and then activity", () => {
    const older = facts({ lastActivityAt: "2026-03-01T00:00:00Z", waitingSince: "2026-03-01T00:00:00Z" });
    const urgent = facts({ lastActivityAt: "2026-03-01T00:00:00Z" }, { priority: "URGENT" });
    const before = (one: Facts, other: Facts, order: Parameters<typeof rankOf>[1]): boolean =>
      isBefore(rankOf(one, order), rankOf(other, order));
    expect(before(facts(), older, "ACTIVITY")).toBe(true);
    expect(before(older, facts(), "WAITING")).toBe(true);
    expect(before(urgent, facts(), "PRIORITY")).toBe(true);
    expect(before(facts(), facts(), "PRIORITY")).toBe(false);
  });
});

describe("rangeOf", () => {
  it("draws what is in sight and a little more, never beyond the list", () => {
    expect(rangeOf(0, 840, 84, 10_000)).toEqual({ first: 0, end: 20 });
    expect(rangeOf(84 * 5_000, 840, 84, 10_000)).toEqual({ first: 4_992, end: 5_020 });
    expect(rangeOf(84 * 9_990, 840, 84, 10_000)).toEqual({ first: 9_980, end: 10_000 });
    expect(rangeOf(500, 840, 84, 3)).toEqual({ first: 0, end: 3 });
  });
});
