/** Who sits at this browser, to one organization: a visitor until its own pages vouch for them. */
import { type Credentials, NetworkError } from "~/graphql";
import type { Drawer } from "./storage";

interface Tokens {
  readonly access: string;
  readonly refresh: string;
  /** Whether the organization vouched for them. */
  readonly isKnown: boolean;
}

interface Issued {
  readonly access_token: string;
  readonly refresh_token: string;
}

/** The server refused to let somebody in. */
export class EntryError extends Error {
  override readonly name = "EntryError";
  constructor(
    message: string,
    readonly code: string,
  ) {
    super(message);
  }
}

const TOKENS = "tokens";

/** The session of whoever sits here: tokens in this browser, in turns with other tabs. */
export class Visit implements Credentials {
  readonly cookies = "omit";
  /** The session is over, or became another one. */
  onChanged: () => void = () => {};
  private drawer?: Drawer;
  private organization = "";

  /** Remember for one organization. */
  at(organization: string, drawer: Drawer): void {
    this.organization = organization;
    this.drawer = drawer;
    drawer.watch(TOKENS, () => this.onChanged());
  }

  get isBegun(): boolean {
    return this.tokens !== undefined;
  }

  get isKnown(): boolean {
    return this.tokens?.isKnown ?? false;
  }

  headers(): Record<string, string> {
    return this.tokens ? { authorization: `Bearer ${this.tokens.access}` } : {};
  }

  hello(): Record<string, string> {
    return this.headers();
  }

  /** Be somebody: a visitor, unless there is a session already. */
  async begin(): Promise<void> {
    await inTurn(async () => {
      if (!this.tokens) this.keep(await issue("/auth/visitor", { organization: this.organization }), false);
    });
  }

  /** Be whom a token names that the organization signed; what was said as a visitor comes along. */
  async identify(token: string): Promise<void> {
    const visitor = this.tokens && !this.tokens.isKnown ? this.tokens : undefined;
    if (visitor) await this.renew();
    await inTurn(async () => {
      const now = visitor && this.tokens;
      this.keep(await issue("/auth/identify", { token, ...(now ? { visitor_token: now.access } : {}) }), true);
    });
    this.onChanged();
  }

  /** Be nobody again. */
  forget(): void {
    this.drawer?.write(TOKENS, undefined);
    this.onChanged();
  }

  /** A refresh token works once: tabs take turns, and who waited finds what another tab got. */
  async renew(): Promise<boolean> {
    const before = this.tokens?.refresh;
    if (!before) return false;
    return await inTurn(async () => {
      const now = this.tokens;
      if (!now) return false;
      if (now.refresh !== before) return true;
      try {
        this.keep(await issue("/auth/refresh", { refresh_token: now.refresh, transport: "token" }), now.isKnown);
        return true;
      } catch (error) {
        if (!(error instanceof EntryError)) throw error;
        this.forget();
        return false;
      }
    });
  }

  private get tokens(): Tokens | undefined {
    return this.drawer?.read<Tokens>(TOKENS);
  }

  private keep(issued: Issued, isKnown: boolean): void {
    this.drawer?.write(TOKENS, { access: issued.access_token, refresh: issued.refresh_token, isKnown });
  }
}

/** Browsers have locks for pages with TLS alone; without, tabs are on their own. */
async function inTurn<T>(act: () => Promise<T>): Promise<T> {
  return navigator.locks ? await navigator.locks.request("parley-widget", act) : await act();
}

async function issue(path: string, body: object): Promise<Issued> {
  const response = await fetch(path, {
    method: "POST",
    credentials: "omit",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  }).catch(() => undefined);
  if (!response || response.status >= 500) throw new NetworkError("The server cannot be reached.");
  if (response.status === 429) throw new NetworkError("Too much at once: wait a moment.", "RATE_LIMITED");
  const answer = await response.json().catch(() => ({}));
  if (response.ok) return answer as Issued;
  throw new EntryError(answer.error?.message ?? response.statusText, answer.error?.code ?? "UNKNOWN");
}
