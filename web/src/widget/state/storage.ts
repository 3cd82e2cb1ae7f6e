/** What this browser keeps for the widget, apart for each organization; in memory where nothing may be kept. */
const PREFIX = "parley.widget";

/** Some browsers throw at the mere mention of storage in a frame of another site. */
function kept(kind: "localStorage" | "sessionStorage"): Storage | undefined {
  try {
    const storage = window[kind];
    storage.setItem(PREFIX, "1");
    storage.removeItem(PREFIX);
    return storage;
  } catch {
    return undefined;
  }
}

/** Values of one organization by name, as JSON. */
export class Drawer {
  private readonly memory = new Map<string, string>();

  constructor(
    private readonly label: string,
    private readonly storage: Storage | undefined = kept("localStorage"),
  ) {}

  read<T>(name: string): T | undefined {
    const text = this.memory.get(name) ?? this.storage?.getItem(this.key(name));
    try {
      return text ? (JSON.parse(text) as T) : undefined;
    } catch {
      return undefined;
    }
  }

  write(name: string, value: unknown): void {
    this.memory.delete(name);
    if (value === undefined) {
      this.storage?.removeItem(this.key(name));
      return;
    }
    const text = JSON.stringify(value);
    try {
      if (!this.storage) throw new Error("Nothing may be kept.");
      this.storage.setItem(this.key(name), text);
    } catch {
      this.memory.set(name, text); // none, or full: for as long as the page is there
    }
  }

  /** Hear of what other tabs write under a name. */
  watch(name: string, heard: () => void): () => void {
    const changed = (event: StorageEvent): void => {
      if (event.key !== this.key(name)) return;
      this.memory.delete(name);
      heard();
    };
    addEventListener("storage", changed);
    return () => removeEventListener("storage", changed);
  }

  private key(name: string): string {
    return `${PREFIX}.${this.label}.${name}`;
  }
}

/** What this tab alone keeps, through a reload. */
export function tabDrawer(label: string): Drawer {
  return new Drawer(label, kept("sessionStorage"));
}

/** A name that nobody else has; also where pages are served without TLS, for which browsers have no `randomUUID`. */
export function unique(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
