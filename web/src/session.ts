/** The session of the person at this browser: cookies that no script reads, and what proves that our page sends them. */
import { type Credentials, NetworkError } from "./graphql";

/** What `/auth/…` says when it refuses. */
export class SignInError extends Error {
  override readonly name = "SignInError";
  constructor(
    message: string,
    readonly code: string,
    readonly status: number,
    readonly fields: readonly { path: string; message: string }[] = [],
    /** Seconds to wait before another try. */
    readonly retryAfter: number = 0,
  ) {
    super(message);
  }

  /** What is wrong with one field. */
  of(path: string): string | undefined {
    return this.fields.find((field) => field.path === path)?.message;
  }
}

/** Whoever is signed in at this browser; `onSignedOut` hears when the session is over. */
export class BrowserSession implements Credentials {
  onSignedOut: () => void = () => {};

  headers(): Record<string, string> {
    const csrf = cookie("csrf");
    return csrf ? { "x-csrf-token": csrf } : {};
  }

  hello(): undefined {
    return undefined;
  }

  /** Tabs take turns, since a refresh token works once; who waited finds new cookies and need not ask. */
  async renew(): Promise<boolean> {
    const before = localStorage.getItem(RENEWED);
    return await navigator.locks.request("parley-renew", async () => {
      if (localStorage.getItem(RENEWED) !== before) return true;
      const isRenewed = await post("/auth/refresh", {}).then(
        () => true,
        (error) => !(error instanceof SignInError),
      );
      if (isRenewed) localStorage.setItem(RENEWED, `${Date.now()}`);
      else this.onSignedOut();
      return isRenewed;
    });
  }
}

/** When a tab last got new tokens. */
const RENEWED = "parley.renewed";

/** The session of this page. */
export const session = new BrowserSession();

/** Ask one of the sign-in routes to do something; raises `SignInError` with the server's own words, or `NetworkError`. */
export function post<Answer = Record<string, unknown>>(path: string, body: object): Promise<Answer> {
  return ask(path, {
    method: "POST",
    headers: { "content-type": "application/json", ...session.headers() },
    body: JSON.stringify(body),
  });
}

/** Ask one of the sign-in routes for something; raises as `post` does. */
export function get<Answer>(path: string): Promise<Answer> {
  return ask(path, { headers: { accept: "application/json" } });
}

async function ask<Answer>(path: string, request: RequestInit): Promise<Answer> {
  const response = await fetch(path, request).catch(() => {
    throw new NetworkError("The server cannot be reached.");
  });
  const answer = await response.json().catch(() => ({}));
  if (response.ok) return answer as Answer;
  if (response.status >= 502) throw new NetworkError("The server cannot be reached.");
  const { code = "UNKNOWN", message = response.statusText, fields = [] } = answer.error ?? {};
  throw new SignInError(message, code, response.status, fields, Number(response.headers.get("retry-after")) || 0);
}

/** A cookie that our pages may read, by the name that the server gives it with or without TLS. */
function cookie(name: string): string | undefined {
  const wanted = [`__Host-parley_${name}`, `parley_${name}`];
  const pairs = document.cookie.split("; ").map((pair) => pair.split("=", 2) as [string, string]);
  return pairs.find(([key]) => wanted.includes(key))?.[1];
}
