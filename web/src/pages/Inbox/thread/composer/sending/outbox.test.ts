import { describe, expect, it } from "vitest";
import { Outbox, type Outgoing } from "./outbox";

const item: Outgoing = {
  key: "k",
  by: "me",
  kind: "reply",
  text: "Hello",
  files: [],
  mentions: [],
  seenCursor: "c",
  sendAnyway: false,
  saidAt: 0,
  state: "sending",
};
function pending(): { promise: Promise<void>; resolve: () => void } {
  let resolve = (): void => {};
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}

const words = (): string => "no";

function storage(): Storage {
  localStorage.clear();
  return localStorage;
}

describe("Outbox", () => {
  it("keeps what is said until it has arrived", async () => {
    const kept = storage();
    const box = new Outbox("c", kept);
    const arrives = pending();
    const sent = box.send(item, () => arrives.promise, words);
    expect(new Outbox("c", kept).now()).toEqual(
      [{ ...item, problem: undefined }].map(({ problem: _, ...rest }) => rest),
    );
    arrives.resolve();
    await sent;
    expect([box.now(), new Outbox("c", kept).now()]).toEqual([[], []]);
  });

  it("says why it failed, and sends it again under the same key", async () => {
    const box = new Outbox("c", storage());
    const keys: string[] = [];
    await box.send(
      item,
      () => Promise.reject(new Error()),
      () => "The line is cut.",
    );
    expect(box.now()[0]).toMatchObject({ state: "failed", problem: "The line is cut." });
    const [failed = item] = box.now();
    await box.send(failed, async ({ key }) => keys.push(key), words);
    expect([keys, box.now()]).toEqual([["k"], []]);
  });

  it("lets go of what is dealt with elsewhere", async () => {
    const box = new Outbox("c", storage());
    await box.send(
      item,
      () => Promise.reject(new Error()),
      () => null,
    );
    expect(box.now()).toEqual([]);
  });

  it("sends one thing once at a time", async () => {
    const box = new Outbox("c", storage());
    const arrives = pending();
    let count = 0;
    const send = (): Promise<void> => {
      count++;
      return arrives.promise;
    };
    const both = [box.send(item, send, words), box.send(item, send, words)];
    arrives.resolve();
    await Promise.all(both);
    expect(count).toBe(1);
  });

  it("is empty where what was stored cannot be read", () => {
    const kept = storage();
    kept.setItem("parley.outbox.c", "{");
    expect(new Outbox("c", kept).now()).toEqual([]);
  });
});
