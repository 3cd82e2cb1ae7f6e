/** What can be done from where one is, by key or by name: components say it while they are there, the palette lists it. */
import type { LucideIcon } from "lucide-react";
import { createContext, type ReactNode, use, useEffect, useState, useSyncExternalStore } from "react";
import { isPlain, isTaken, strokeOf } from "./keys";

export interface Command {
  /** The same for the same deed, wherever it is offered. */
  readonly id: string;
  readonly title: string;
  /** The heading it stands under. */
  readonly group: string;
  /** "j", "?", "mod+enter", or a sequence: "g i". */
  readonly keys?: string;
  readonly icon?: LucideIcon;
  run(): void;
}

/** How long the second key of a sequence may take. */
const PATIENCE = 1_200;
const SHORTCUTS_KEY = "parley.shortcuts";

/** The commands of all components that are mounted; of two with the same keys, or the same id, the newer is meant. */
export class Commands {
  private sets: { readonly commands: readonly Command[] }[] = [];
  private readonly watchers = new Set<() => void>();
  private before = "";
  private beforeAt = 0;

  /** Whether keys alone are heard; keys with Ctrl or ⌘ always are. */
  isPlainHeard = localStorage.getItem(SHORTCUTS_KEY) !== "off";

  add(set: { readonly commands: readonly Command[] }): () => void {
    this.sets = [set, ...this.sets];
    return () => {
      this.sets = this.sets.filter((other) => other !== set);
    };
  }

  /** Each command once, those of the newest component first. */
  all(): Command[] {
    const byId = new Map<string, Command>();
    for (const { commands } of this.sets)
      for (const command of commands) if (!byId.has(command.id)) byId.set(command.id, command);
    return [...byId.values()];
  }

  hearPlain(isHeard: boolean): void {
    this.isPlainHeard = isHeard;
    localStorage.setItem(SHORTCUTS_KEY, isHeard ? "on" : "off");
    for (const watcher of this.watchers) watcher();
  }

  watch(watcher: () => void): () => void {
    this.watchers.add(watcher);
    return () => this.watchers.delete(watcher);
  }

  /** Run what the keys mean; a key that begins a sequence waits for the next. */
  press(event: KeyboardEvent, now = performance.now()): void {
    const stroke = strokeOf(event);
    if (!stroke || event.defaultPrevented) return;
    const keys = now - this.beforeAt < PATIENCE ? `${this.before} ${stroke}` : stroke;
    this.before = "";
    if (isPlain(stroke) && (!this.isPlainHeard || isTaken(event.target))) return;
    const found = this.meant(keys) ?? this.meant(stroke);
    if (found) event.preventDefault();
    if (found) found.run();
    else this.remember(stroke, now);
  }

  private meant(keys: string): Command | undefined {
    return this.all().find((command) => command.keys === keys);
  }

  private remember(stroke: string, now: number): void {
    if (!this.all().some((command) => command.keys?.startsWith(`${stroke} `))) return;
    this.before = stroke;
    this.beforeAt = now;
  }
}

const Registry = createContext<Commands | null>(null);

/** Hears keys for everything inside. */
export function CommandsProvider({ children }: { readonly children: ReactNode }) {
  const [registry] = useState(() => new Commands());
  useEffect(() => {
    const press = (event: KeyboardEvent): void => registry.press(event);
    document.addEventListener("keydown", press);
    return () => document.removeEventListener("keydown", press);
  }, [registry]);
  return <Registry value={registry}>{children}</Registry>;
}

/** The commands around; raises outside of `<CommandsProvider>`. */
export function useRegistry(): Commands {
  const registry = use(Registry);
  if (!registry) throw new Error("There are no commands outside <CommandsProvider>.");
  return registry;
}

/** Offer commands while the component is there; a new array each time costs nothing. */
export function useCommands(commands: readonly Command[]): void {
  const registry = useRegistry();
  const [set] = useState<{ commands: readonly Command[] }>({ commands: [] });
  useEffect(() => {
    set.commands = commands;
  });
  useEffect(() => registry.add(set), [registry, set]);
}

/** Whether keys alone are heard, and how to change that. */
export function useShortcuts(): [isHeard: boolean, hear: (isHeard: boolean) => void] {
  const registry = useRegistry();
  const isHeard = useSyncExternalStore(
    (changed) => registry.watch(changed),
    () => registry.isPlainHeard,
  );
  return [isHeard, (next) => registry.hearPlain(next)];
}
