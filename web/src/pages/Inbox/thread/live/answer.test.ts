import { describe, expect, it, vi } from "vitest";
import { Answering, assembled, type Frame } from "./answer";

const frame = (offset: number, text: string, attempt = 1, messageId = "m"): Frame => ({
  messageId,
  attempt,
  offset,
  text,
});

describe("assembled", () => {
  it("appends what follows", () => {
    const one = assembled(null, frame(0, "Return it "));
    expect(assembled(one, frame(10, "in 30 days.")).text).toBe("Return it in 30 days.");
  });

  it("takes back what a frame replaces", () => {
    const one = assembled(null, frame(0, "Return it in"));
    expect(assembled(one, frame(7, "them")).text).toBe("Return them");
  });

  it("counts code points, as the server does", () => {
    const one = assembled(null, frame(0, "👟👟 shoes"));
    expect(assembled(one, frame(2, "!")).text).toBe("👟👟!");
  });

  it("gives the same when frames come again after a reconnect", () => {
    const once = assembled(assembled(null, frame(0, "a")), frame(1, "b"));
    expect(assembled(once, frame(0, "ab"))).toEqual(once);
  });

  it("begins anew with another attempt or another answer", () => {
    const one = assembled(null, frame(0, "Wrong"));
    expect(assembled(one, frame(0, "Right", 2)).text).toBe("Right");
    expect(assembled(one, frame(0, "Next", 1, "other")).text).toBe("Next");
  });
});

describe("Answering", () => {
  it("tells of each change, and keeps what came when a start is told twice", () => {
    const answering = new Answering();
    const heard = vi.fn();
    answering.watch(heard);
    answering.begin("m", 1);
    answering.add(frame(0, "Hello"));
    answering.begin("m", 1);
    expect(answering.now()?.text).toBe("Hello");
    answering.end();
    answering.end();
    expect([answering.now(), heard.mock.calls.length]).toEqual([null, 3]);
  });
});
