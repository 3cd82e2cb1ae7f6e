/** The one way to the API: HTTP for queries and mutations, a socket or an event stream for subscriptions. */
import { type Client, createClient as createSocket } from "graphql-ws";
import type { Sink, Streams } from "./streams";

/** A document that the server trusts: named by its hash, so that its text never travels. */
export interface Operation {
  readonly id: string;
  readonly name: string;
}

export type Variables = Readonly<Record<string, unknown>>;

/** What a GraphQL server answers, or sends for one event. */
export interface Result {
  readonly data?: Record<string, unknown> | null;
  readonly errors?: readonly ResultError[];
  readonly extensions?: Record<string, unknown>;
}

export interface ResultError {
  readonly message: string;
  readonly path?: readonly (string | number)[];
  readonly extensions?: { readonly code?: string; readonly traceId?: string };
}

/** Whoever asks: how a request shows it, and how to go on when that is over. */
export interface Credentials {
  /** "omit" where tokens say who asks, and cookies of whoever else sits at this browser must not. */
  readonly cookies?: RequestCredentials;
  /** Headers of each HTTP request. */
  headers(): Record<string, string>;
  /** What a socket says first; undefined where cookies say it. */
  hello(): Record<string, unknown> | undefined;
  /** Get new tokens; false where one has to sign in again. Tabs take turns. */
  renew(): Promise<boolean>;
}

/** Where a subscription's results go. */
export interface Listener {
  next(result: Result): void;
  error(problem: Error): void;
  complete(): void;
}

/** Whether the server can be reached: shown to people, who would otherwise wonder. */
export type Connection = "connected" | "connecting" | "offline";

/** The server could not be asked, or could not answer: nothing is known of the effect. */
export class NetworkError extends Error {
  override readonly name = "NetworkError";
  constructor(
    message: string,
    readonly code: string = "UNREACHABLE",
    readonly traceId?: string,
  ) {
    super(message);
  }
}

const PATH = "/graphql";
const ALIVE = "/healthz";
const UNAUTHENTICATED = "UNAUTHENTICATED";
const SIGNED_OUT = [4401, 4403];
/** So many sockets in a row that were never open, and something on the way refuses sockets. */
const SOCKETS_TRIED = 3;
const LONGEST_WAIT = 15_000;
/** After a machine has slept a socket can look open that nobody is behind. */
const LONGEST_SILENCE = 5_000;

/** Speaks for one caller with the server of this page. Texts of documents are sent in development alone. */
export class Transport {
  private readonly socket: Client;
  private streams?: Promise<Streams>;
  private readonly watchers = new Set<(connection: Connection) => void>();
  private refusals = 0;
  /** Whether the socket was accepted, or is about to be. */
  private isOpen = false;
  private silence?: ReturnType<typeof setTimeout>;
  private state: Connection = "connected";

  constructor(
    private readonly credentials: Credentials,
    private readonly texts?: Readonly<Record<string, string>>,
  ) {
    this.socket = this.openSocket();
    addEventListener("online", () => void this.look());
    addEventListener("offline", () => this.tell("offline"));
  }

  /** Whether the server is reached; `watch` hears of changes. */
  get connection(): Connection {
    return this.state;
  }

  watch(watcher: (connection: Connection) => void): () => void {
    this.watchers.add(watcher);
    return () => this.watchers.delete(watcher);
  }

  /** Run a query or a mutation; once more after renewing what had expired. */
  async execute(operation: Operation, variables: Variables): Promise<Result> {
    const result = await this.post(operation, variables);
    const isOver = result.errors?.some((error) => error.extensions?.code === UNAUTHENTICATED);
    return isOver && (await this.credentials.renew()) ? this.post(operation, variables) : result;
  }

  /**
   * Follow a subscription until it is ended. The cursor of each event takes the place of the variable `after`, so that
   * whatever connection comes next goes on behind the last event that came: no gap, no repeat.
   */
  subscribe(operation: Operation, variables: Variables, listener: Listener): () => void {
    const request = { ...this.named(operation), variables: { ...variables } };
    const remember = (result: Result): void => {
      const cursor = cursorOf(result);
      if (cursor) request.variables = { ...request.variables, after: cursor };
      listener.next(result);
    };
    const sink = {
      next: remember,
      complete: () => listener.complete(),
      error: (problem: unknown) => listener.error(asError(problem)),
    };
    let isEnded = false;
    let end = (): void => {};
    const overStream = async (): Promise<void> => {
      const streams = await this.openStreams();
      if (!isEnded) end = streams.open(request, sink);
    };
    if (this.isRefused) void overStream();
    else end = this.overSocket(request, sink, overStream);
    return () => {
      isEnded = true;
      end();
    };
  }

  private overSocket(request: object, sink: Sink, otherwise: () => void): () => void {
    return this.socket.subscribe(request as never, {
      next: sink.next as (result: unknown) => void,
      complete: sink.complete,
      error: (problem: unknown) => (this.isRefused ? otherwise() : sink.error(problem)),
    });
  }

  private get isRefused(): boolean {
    return this.refusals >= SOCKETS_TRIED;
  }

  private openStreams(): Promise<Streams> {
    this.streams ??= import("./streams").then(
      ({ Streams }) =>
        new Streams({
          url: PATH,
          credentials: this.credentials,
          rest,
          onConnected: () => this.tell("connected"),
          onLost: () => this.lose(),
        }),
    );
    return this.streams;
  }

  private openSocket(): Client {
    const address = new URL(PATH, location.href);
    address.protocol = address.protocol.replace("http", "ws");
    return createSocket({
      url: address.href,
      connectionParams: () => this.credentials.hello(),
      keepAlive: 15_000,
      lazyCloseTimeout: 3_000,
      retryAttempts: Number.POSITIVE_INFINITY,
      retryWait: rest,
      shouldRetry: (why) => !this.isRefused && !isFault(why),
      on: {
        connecting: () => {
          this.isOpen = false;
          this.tell(this.state === "connected" ? "connected" : "connecting");
        },
        connected: () => {
          this.isOpen = true;
          this.refusals = 0;
          this.tell("connected");
        },
        closed: (event) => this.closed(event as CloseEvent),
        ping: (isReceived) => {
          if (!isReceived) this.silence = setTimeout(() => this.socket.terminate(), LONGEST_SILENCE);
        },
        pong: () => clearTimeout(this.silence),
      },
    });
  }

  private closed(event: CloseEvent): void {
    if (event.wasClean && event.code === 1000) return;
    this.lose();
    if (SIGNED_OUT.includes(event.code)) void this.credentials.renew();
    else if (!this.isOpen) void this.refuse();
  }

  /** A socket never opened: if the server is there nevertheless, something on the way refuses sockets. */
  private async refuse(): Promise<void> {
    if (await isAlive()) this.refusals += 1;
  }

  /** The network is back. A socket may have outlived that it was gone, and then nothing else would tell. */
  private async look(): Promise<void> {
    this.tell("connecting");
    if (await isAlive()) this.tell("connected");
  }

  private lose(): void {
    this.tell(navigator.onLine ? "connecting" : "offline");
  }

  private async post(operation: Operation, variables: Variables): Promise<Result> {
    const response = await this.send(JSON.stringify({ ...this.named(operation), variables }));
    if (response.status === 429) throw new NetworkError("Too much at once: wait a moment.", "RATE_LIMITED");
    try {
      return (await response.json()) as Result;
    } catch {
      throw new NetworkError(`The server answered with ${response.status}.`);
    }
  }

  private async send(body: string): Promise<Response> {
    const headers = {
      accept: "application/graphql-response+json",
      "content-type": "application/json",
      ...this.credentials.headers(),
    };
    try {
      const response = await fetch(PATH, { method: "POST", headers, body, credentials: this.credentials.cookies });
      this.tell("connected");
      return response;
    } catch {
      this.lose();
      throw new NetworkError("The server cannot be reached.");
    }
  }

  private named(operation: Operation): { operationName: string } & Record<string, string> {
    const query = this.texts?.[operation.id] ?? ""; // graphql-ws refuses to send what has no text at all
    return { operationName: operation.name, query, ...(query ? {} : { documentId: operation.id }) };
  }

  private tell(connection: Connection): void {
    if (connection === this.state) return;
    this.state = connection;
    for (const watcher of this.watchers) watcher(connection);
  }
}

async function isAlive(): Promise<boolean> {
  return fetch(ALIVE, { cache: "no-store" }).then(
    ({ ok }) => ok,
    () => false,
  );
}

/** Wait before another try: twice as long each time, spread so that not all browsers come back at once. */
function rest(tried: number): Promise<void> {
  const wait = Math.min(LONGEST_WAIT, 250 * 2 ** tried);
  return new Promise((resume) => setTimeout(resume, wait * (0.5 + Math.random())));
}

/** A message that cannot be sent stays so: to try again at once, as for a lost socket, would never end. */
function isFault(why: unknown): boolean {
  return why instanceof Error && why.name !== "TerminatedCloseEvent";
}

/** The cursor of the one event that a result of a subscription holds. */
function cursorOf(result: Result): string | undefined {
  const [event] = Object.values(result.data ?? {});
  const cursor = (event as { cursor?: unknown } | null | undefined)?.cursor;
  return typeof cursor === "string" ? cursor : undefined;
}

function asError(problem: unknown): Error {
  if (problem instanceof Error) return problem;
  if (Array.isArray(problem)) return new NetworkError(problem.map((one) => one.message).join(" "), "REFUSED");
  return new NetworkError("The connection was lost.");
}
