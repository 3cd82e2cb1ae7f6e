/** What somebody said and the server has not confirmed: kept through a reload, each under the key that makes it one. */
import { type Drawer, unique } from "./storage";

/** A file that was sent and waits for its message. */
export interface Enclosure {
  readonly id: string;
  readonly name: string;
  readonly size: number;
}

/** `thread` names the conversation before the server has: what is said there first begins it. */
export interface Unsent {
  readonly key: string;
  readonly thread: string;
  readonly conversation?: string;
  readonly text: string;
  readonly files: readonly Enclosure[];
  readonly at: string;
  /** What the server said against it; until then it is on its way. */
  readonly refusal?: string;
}

const NAME = "outbox";

export class Outbox {
  constructor(private readonly drawer: Drawer) {}

  get all(): readonly Unsent[] {
    return this.drawer.read<Unsent[]>(NAME) ?? [];
  }

  /** What is to be sent next: the oldest that was not refused. */
  get next(): Unsent | undefined {
    return this.all.find((one) => !one.refusal);
  }

  add(said: Omit<Unsent, "key" | "at">): void {
    this.write([...this.all, { ...said, key: unique(), at: new Date().toISOString() }]);
  }

  remove(key: string): void {
    this.write(this.all.filter((one) => one.key !== key));
  }

  refuse(key: string, refusal: string | undefined): void {
    this.write(this.all.map((one) => (one.key === key ? { ...one, refusal } : one)));
  }

  /** The server has given the thread's conversation its id. */
  begun(thread: string, conversation: string): void {
    this.write(this.all.map((one) => (one.thread === thread ? { ...one, conversation } : one)));
  }

  clear(): void {
    this.write([]);
  }

  private write(all: readonly Unsent[]): void {
    this.drawer.write(NAME, all.length > 0 ? all : undefined);
  }
}
