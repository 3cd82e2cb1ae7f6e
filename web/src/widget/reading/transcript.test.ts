import { expect, test } from "vitest";
import { EMPTY, type Message, type Transcript, withAttempt, withFrame, withMessages } from "./transcript";

const frame = (offset: number, text: string, attempt = 1) => ({ messageId: "a", attempt, offset, text });
const live = (...frames: ReturnType<typeof frame>[]): Transcript => frames.reduce(withFrame, EMPTY);
const message = (id: string, number: number): Message => ({
  id,
  number,
  kind: "ANSWER",
  text: `text of ${id}`,
  createdAt: "2026-01-01T00:00:00Z",
  choices: [],
  needsCode: false,
  citations: [],
  attachments: [],
  rating: null,
  author: null,
});

test("pieces stand at their offsets", () => {
  expect(live(frame(0, "Good "), frame(5, "day.")).live?.text).toBe("Good day.");
});

test("what comes again after a reconnect is there once", () => {
  expect(live(frame(0, "Good "), frame(5, "day"), frame(0, "Good day, "), frame(10, "Ann.")).live?.text).toBe(
    "Good day, Ann.",
  );
});

test("offsets count characters, also those that are two units of JavaScript", () => {
  expect(live(frame(0, "🙂🙂"), frame(2, " yes"), frame(6, "!")).live?.text).toBe("🙂🙂 yes!");
});

test("a piece behind a gap is left out until the rest is there", () => {
  expect(live(frame(0, "Good"), frame(9, "lost")).live?.text).toBe("Good");
});

test("another attempt begins anew, and the one before is over", () => {
  const again = live(frame(0, "First"), frame(0, "Second", 2));
  expect(again.live).toEqual({ messageId: "a", attempt: 2, text: "Second" });
  expect(withFrame(again, frame(5, " late")).live?.text).toBe("Second");
});

test("the stored message takes the place of what was being written, for good", () => {
  const done = withMessages(live(frame(0, "Half")), [message("a", 2)]);
  expect(done.live).toBeUndefined();
  expect(withFrame(done, frame(4, " late")).live).toBeUndefined();
  expect(withAttempt(done, "a", 1).live).toBeUndefined();
});

test("messages stand in order, each once, as they are now", () => {
  const some = withMessages(EMPTY, [message("b", 2), message("a", 1)]);
  const more = withMessages(some, [{ ...message("b", 2), text: "new" }, null, message("c", 3)]);
  expect(more.messages.map(({ id, text }) => [id, text])).toEqual([
    ["a", "text of a"],
    ["b", "new"],
    ["c", "text of c"],
  ]);
});
