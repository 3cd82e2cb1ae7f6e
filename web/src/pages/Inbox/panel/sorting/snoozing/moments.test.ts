/** Presets of snoozing are ahead, in order, and never the same twice. */
import { describe, expect, it } from "vitest";
import { asField, momentsAfter } from "./moments";

const ids = (now: Date): string[] => momentsAfter(now).map((moment) => moment.id);
const WEDNESDAY = new Date(2026, 10, 25, 14, 40);

describe("momentsAfter", () => {
  it("gives full hours and mornings ahead", () => {
    expect(momentsAfter(WEDNESDAY).map(({ id, at }) => [id, asField(at)])).toEqual([
      ["later", "2026-11-25T17:00"],
      ["tomorrow", "2026-11-26T09:00"],
      ["monday", "2026-11-30T09:00"],
      ["week", "2026-12-02T09:00"],
    ]);
  });

  it("says a moment once: on Sundays tomorrow is Monday, on Mondays Monday is in a week", () => {
    expect(ids(new Date(2026, 10, 22, 14))).toEqual(["later", "tomorrow", "week"]);
    expect(ids(new Date(2026, 10, 23, 14))).toEqual(["later", "tomorrow", "monday"]);
  });

  it("goes over the end of days and months", () => {
    const [later, tomorrow] = momentsAfter(new Date(2026, 10, 30, 22, 5));
    expect(later && asField(later.at)).toBe("2026-12-01T01:00");
    expect(tomorrow && asField(tomorrow.at)).toBe("2026-12-01T09:00");
  });
});
