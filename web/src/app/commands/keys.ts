/** Which keys were pressed, as commands name them: "j", "?", "mod+k", and one after the other as "g i". */

/** A stroke by its name; `mod` is Ctrl, or ⌘ on Apple's keyboards. Undefined for what is no stroke of ours. */
export function strokeOf(event: KeyboardEvent): string | undefined {
  if (event.isComposing || event.altKey || MODIFIERS.includes(event.key)) return undefined;
  const key = event.key === " " ? "space" : event.key.toLowerCase();
  const isMod = event.ctrlKey || event.metaKey;
  const isShift = event.shiftKey && (isMod || key.length > 1);
  return `${isMod ? "mod+" : ""}${isShift ? "shift+" : ""}${key}`;
}

/** Whether keys pressed there are words of somebody's, or belong to what is open over the page. */
export function isTaken(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest(TAKEN) !== null;
}

/** Whether strokes are keys alone, which people who speak to their computer set off by chance (WCAG 2.1.4). */
export function isPlain(keys: string): boolean {
  return !keys.includes("mod+");
}

/** The keys as people know them from their keyboard: ["Ctrl", "K"]. */
export function keyCaps(keys: string, isApple = /Mac|iP/.test(navigator.platform)): string[] {
  const caps: Record<string, string> = { ...CAPS, mod: isApple ? "⌘" : "Ctrl" };
  return keys.split(/[ +]/).map((key) => caps[key] ?? (key.length === 1 ? key.toUpperCase() : key));
}

const MODIFIERS = ["Shift", "Control", "Meta", "Alt", "AltGraph", "CapsLock"];
const TAKEN = [
  "input:not([type=checkbox],[type=radio],[type=button])",
  "textarea",
  "select",
  "[contenteditable=true]",
  "[role=dialog]",
  "[role=alertdialog]",
  "[role=menu]",
  "[role=listbox]",
].join();
const CAPS: Readonly<Record<string, string>> = {
  shift: "⇧",
  enter: "↵",
  escape: "Esc",
  arrowup: "↑",
  arrowdown: "↓",
  backspace: "⌫",
};
