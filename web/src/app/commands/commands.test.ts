/** Keys find their command: newest first, sequences, and never while somebody types. */
import { beforeEach, describe, expect, it } from "vitest";
import { type Command, Commands } from ".";
import { keyCaps } from "./keys";

let ran: string[];
let commands: Commands;

const command = (id: string, keys: string): Command => ({ id, keys, title: id, group: "", run: () => ran.push(id) });

function press(key: string, options: KeyboardEventInit & { at?: number; on?: Element } = {}): KeyboardEvent {
  const event = new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true, ...options });
  (options.on ?? document.body).dispatchEvent(event);
  commands.press(event, options.at ?? 0);
  return event;
}

beforeEach(() => {
  localStorage.clear();
  document.body.replaceChildren();
  ran = [];
  commands = new Commands();
  commands.add({ commands: [command("down", "j"), command("inbox", "g i"), command("palette", "mod+k")] });
});

describe("Commands", () => {
  it("runs what a key means, and takes the key", () => {
    expect(press("j").defaultPrevented).toBe(true);
    expect(press("q").defaultPrevented).toBe(false);
    expect(ran).toEqual(["down"]);
  });

  it("waits for the second key of a sequence, but not for ever", () => {
    press("g", { at: 10 });
    press("i", { at: 500 });
    press("g", { at: 5_000 });
    press("i", { at: 9_000 });
    expect(ran).toEqual(["inbox"]);
  });

  it("prefers the newer, until it is gone", () => {
    const remove = commands.add({ commands: [command("newer", "j")] });
    press("j");
    remove();
    press("j");
    expect(ran).toEqual(["newer", "down"]);
  });

  it("leaves keys alone to who types, and to who wants none", () => {
    const field = document.createElement("textarea");
    document.body.append(field);
    press("j", { on: field });
    commands.hearPlain(false);
    press("j");
    press("k", { on: field, ctrlKey: true });
    expect(ran).toEqual(["palette"]);
    expect(new Commands().isPlainHeard).toBe(false);
  });
});

describe("keyCaps", () => {
  it("names keys as keyboards do", () => {
    expect(keyCaps("mod+k", false)).toEqual(["Ctrl", "K"]);
    expect(keyCaps("mod+shift+enter", true)).toEqual(["⌘", "⇧", "↵"]);
    expect(keyCaps("g i", false)).toEqual(["G", "I"]);
  });
});
