/** Many at once: all are tried, failures are summed up; and the times that one snoozes until. */
import { describe, expect, it } from "vitest";
import { forEach, reasonsOf } from "./each";
import { untilOf } from "./snooze";

describe("forEach", () => {
  it("tries each one, few at a time, and tells what failed", async () => {
    let running = 0;
    let most = 0;
    const ids = Array.from({ length: 10 }, (_, at) => `${at}`);
    const failures = await forEach(ids, async (id) => {
      most = Math.max(most, ++running);
      await Promise.resolve();
      running--;
      if (Number(id) % 3 === 0) throw new Error(id === "9" ? "Gone." : "Not yours.");
    });
    expect(most).toBe(4);
    expect(failures.map(({ id }) => id).sort()).toEqual(["0", "3", "6", "9"]);
    expect(reasonsOf(failures)).toEqual([
      { message: "Not yours.", count: 3 },
      { message: "Gone.", count: 1 },
    ]);
  });
});

describe("untilOf", () => {
  const sunday = new Date(2026, 2, 1, 15, 30);
  const monday = new Date(2026, 2, 2, 8, 0);
  it("is a morning, by this browser's clock", () => {
    expect(untilOf("tomorrow", sunday)).toEqual(new Date(2026, 2, 2, 9));
    expect(untilOf("nextWeek", sunday)).toEqual(new Date(2026, 2, 2, 9));
    expect(untilOf("nextWeek", monday)).toEqual(new Date(2026, 2, 9, 9));
    expect(untilOf("later", sunday)).toEqual(new Date(2026, 2, 1, 18, 30));
    expect(untilOf("reply", sunday)).toBeNull();
  });
});
