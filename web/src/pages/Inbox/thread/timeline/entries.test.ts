import { describe, expect, it } from "vitest";
import { entriesOf } from "./entries";

const message = (id: string, createdAt: string, author = "customer") => ({ id, createdAt, author });
const at = (time: string, day = "21"): string => `2026-11-${day}T${time}:00`;
const shape = (sources: Partial<Parameters<typeof entriesOf>[0]>): string[] =>
  entriesOf({ messages: [], notes: [], happenings: [], hasEarlier: false, ...sources }).map((entry) =>
    entry.kind === "message" ? `${entry.key}${entry.isFirst ? "*" : ""}` : entry.kind,
  );

describe("entriesOf", () => {
  it("parts days, and says a name once for what follows at once", () => {
    expect(
      shape({
        messages: [
          message("a", at("10:00")),
          message("b", at("10:01")),
          message("c", at("10:30")),
          message("d", at("10:31"), "assistant"),
          message("e", at("09:00", "22")),
        ],
      }),
    ).toEqual(["day", "a*", "b", "c*", "d*", "day", "e*"]);
  });

  it("puts notes and lines where they belong in time", () => {
    const happenings = [{ cursor: "1", at: at("10:05") }];
    const notes = [{ id: "n", createdAt: at("10:02") }];
    const messages = [message("a", at("10:01")), message("b", at("10:03")), message("c", at("10:06"))];
    expect(shape({ messages, notes, happenings })).toEqual(["day", "a*", "note", "b*", "line", "c*"]);
  });

  it("hides what lies before messages that are not loaded yet", () => {
    const happenings = [{ cursor: "1", at: at("09:00") }];
    expect(shape({ messages: [message("a", at("10:00"))], happenings, hasEarlier: true })).toEqual(["day", "a*"]);
  });

  it("puts words before what came of them at the same moment", () => {
    const happenings = [{ cursor: "1", at: at("10:00") }];
    expect(shape({ messages: [message("a", at("10:00"))], happenings })).toEqual(["day", "a*", "line"]);
  });
});
