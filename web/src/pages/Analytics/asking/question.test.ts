/** An address says what a dashboard is asked, and the question says its address. */
import { describe, expect, it } from "vitest";
import { daysIn, narrowing, read, spanOf, stepOf, stepsFor, unfiltered, write } from "./question";

const asked = (words: string) => read(new URLSearchParams(words));

describe("read", () => {
  it("takes thirty days beside the thirty before, where nothing is said", () => {
    expect(asked("")).toMatchObject({ range: "30d", compare: "period", step: null });
    expect(write(asked("")).toString()).toBe("");
  });

  it("comes back from what it writes", () => {
    for (const words of [
      "range=7d&compare=none&by=hour&inbox=abc&inbox=def&team=",
      "range=custom&since=2026-02-01&until=2026-02-28&compare=year&priority=high",
    ])
      expect(write(asked(words)).toString()).toBe(words);
  });

  it("takes nothing that makes no sense", () => {
    expect(write(asked("range=ever&compare=x&by=y&since=2026-01-01&colour=red")).toString()).toBe("");
    expect(asked("range=custom&since=2026-03-02&until=2026-03-01").range).toBe("30d");
    expect(asked("range=custom&since=2026-13-40&until=2026-14-01").range).toBe("30d");
  });

  it("keeps having no team apart from not asking for teams, and each value once", () => {
    expect(asked("team=").chosen.team).toEqual([""]);
    expect(asked("inbox=a&inbox=a").chosen.inbox).toEqual(["a"]);
    expect(narrowing(asked("team=&inbox=a&inbox=b"))).toBe(3);
    expect(narrowing(unfiltered(asked("team=&inbox=a")))).toBe(0);
  });
});

describe("spanOf", () => {
  const now = new Date(2026, 10, 23, 15, 30);
  const local = (...at: [number, number, number]) => new Date(...at).toISOString();

  it("has whole days by the clocks of the browser, today among them", () => {
    expect(spanOf(asked("range=today"), now)).toEqual({ from: local(2026, 10, 23), to: local(2026, 10, 24) });
    expect(spanOf(asked("range=7d"), now)).toEqual({ from: local(2026, 10, 17), to: local(2026, 10, 24) });
    expect(spanOf(asked("range=90d"), now).from).toBe(local(2026, 7, 26));
  });

  it("has both days of one's own range", () => {
    const span = spanOf(asked("range=custom&since=2026-02-01&until=2026-02-28"), now);
    expect(span).toEqual({ from: local(2026, 1, 1), to: local(2026, 2, 1) });
    expect(daysIn(span)).toBe(28);
  });
});

describe("stepOf", () => {
  const now = new Date(2026, 10, 23, 15, 30);
  const step = (words: string) => stepOf(asked(words), spanOf(asked(words), now));

  it("suits the range", () => {
    expect(["range=today", "range=7d", "", "range=90d"].map(step)).toEqual(["hour", "day", "day", "week"]);
    expect(step("range=custom&since=2024-01-01&until=2026-01-01")).toBe("month");
  });

  it("is what was chosen, unless that were too many or less than one", () => {
    expect(step("range=7d&by=hour")).toBe("hour");
    expect(step("range=90d&by=hour")).toBe("week");
    expect(step("range=7d&by=quarter")).toBe("day");
    expect(stepsFor(spanOf(asked(""), now))).toEqual(["day", "week", "month"]);
  });
});
