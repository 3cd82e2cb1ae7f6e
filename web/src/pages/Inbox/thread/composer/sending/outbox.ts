/** What was said and is not known to have arrived: kept in this browser until it is, under a key that makes it arrive once. */

export interface Named {
  readonly id: string;
  readonly name: string;
}

export interface Outgoing {
  /** The idempotency key; the same for every try. */
  readonly key: string;
  /** Who said it: at the same browser somebody else may work next. */
  readonly by: string;
  readonly kind: "reply" | "note";
  readonly text: string;
  readonly files: readonly Named[];
  readonly mentions: readonly Named[];
  /** What was on the screen when it was said. */
  readonly seenCursor: string;
  readonly sendAnyway: boolean;
  readonly saidAt: number;
  readonly state: "sending" | "failed";
  /** Why it failed, in the server's words. */
  readonly problem?: string;
}

const PREFIX = "parley.outbox.";

/** The unsent words of one conversation. */
export class Outbox {
  private items: readonly Outgoing[];
  private readonly watchers = new Set<() => void>();
  /** Keys that are on their way from this page; what another page of this browser left behind is not. */
  private readonly underWay = new Set<string>();

  constructor(
    private readonly id: string,
    private readonly storage: Pick<Storage, "getItem" | "setItem" | "removeItem"> = localStorage,
  ) {
    this.items = parsed(storage.getItem(PREFIX + id));
  }

  readonly now = (): readonly Outgoing[] => this.items;

  readonly watch = (watcher: () => void): (() => void) => {
    this.watchers.add(watcher);
    return () => this.watchers.delete(watcher);
  };

  /**
   * Send one, and keep it until it has arrived. `send` raises what went wrong; what comes of that, `settle` says:
   * the words to show with it, or null where it is dealt with elsewhere and is to leave.
   */
  async send(
    item: Outgoing,
    send: (item: Outgoing) => Promise<unknown>,
    settle: (error: unknown) => string | null,
  ): Promise<void> {
    if (this.underWay.has(item.key)) return;
    this.underWay.add(item.key);
    this.put({ ...item, state: "sending", problem: undefined });
    try {
      await send(item);
      this.remove(item.key);
    } catch (error) {
      const problem = settle(error);
      if (problem === null) this.remove(item.key);
      else this.put({ ...item, state: "failed", problem });
    } finally {
      this.underWay.delete(item.key);
    }
  }

  remove(key: string): void {
    this.keep(this.items.filter((item) => item.key !== key));
  }

  private put(item: Outgoing): void {
    const isThere = this.items.some((one) => one.key === item.key);
    this.keep(isThere ? this.items.map((one) => (one.key === item.key ? item : one)) : [...this.items, item]);
  }

  private keep(items: readonly Outgoing[]): void {
    this.items = items;
    if (items.length === 0) this.storage.removeItem(PREFIX + this.id);
    else this.storage.setItem(PREFIX + this.id, JSON.stringify(items));
    for (const watcher of this.watchers) watcher();
  }
}

function parsed(stored: string | null): readonly Outgoing[] {
  try {
    const items: unknown = JSON.parse(stored ?? "[]");
    return Array.isArray(items)
      ? items.filter((item) => typeof item?.key === "string" && typeof item?.text === "string")
      : [];
  } catch {
    return [];
  }
}

/** The conversations in which something waits to be sent. */
export function unsentIn(storage: Storage = localStorage): readonly string[] {
  return Object.keys(storage)
    .filter((key) => key.startsWith(PREFIX))
    .map((key) => key.slice(PREFIX.length));
}

const boxes = new Map<string, Outbox>();

/** The one outbox of a conversation on this page. */
export function outboxOf(id: string): Outbox {
  const box = boxes.get(id) ?? new Outbox(id);
  boxes.set(id, box);
  return box;
}
