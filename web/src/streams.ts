/** Subscriptions as event streams, for who gets no socket: fetched when they are needed, since few need them. */
import { createClient } from "graphql-sse";
import type { Credentials, Result } from "./graphql";

/** Where the results of one stream go. */
export interface Sink {
  next(result: Result): void;
  error(problem: unknown): void;
  complete(): void;
}

interface Stream {
  readonly request: object;
  readonly sink: Sink;
  /** Ends it for now; undefined while it waits for its turn. */
  end?: () => void;
}

interface Options {
  readonly url: string;
  readonly credentials: Credentials;
  /** Waits before another try. */
  readonly rest: (tried: number) => Promise<void>;
  readonly onConnected: () => void;
  readonly onLost: () => void;
}

/** A browser opens six connections to one server, unless it can share one; the sixth is for everything else. */
const MOST = 5;

/** Every stream that is wanted. Of more than there is room for the newest are open; the others go on when there is room. */
export class Streams {
  private streams: Stream[] = [];
  private readonly client;
  private readonly most = isShared() ? Number.POSITIVE_INFINITY : MOST;

  constructor(private readonly options: Options) {
    const { url, credentials, rest, onConnected, onLost } = options;
    this.client = createClient({
      url,
      headers: () => credentials.headers(),
      credentials: credentials.cookies,
      retryAttempts: Number.POSITIVE_INFINITY,
      retry: rest,
      on: { connecting: (isAgain) => isAgain && onLost(), connected: onConnected },
    });
  }

  /** Follow a subscription until it is ended; `request` is read anew whenever its stream begins. */
  open(request: object, sink: Sink): () => void {
    const stream: Stream = { request, sink };
    this.streams = [stream, ...this.streams];
    this.arrange();
    return () => this.close(stream);
  }

  private close(stream: Stream): void {
    stream.end?.();
    this.streams = this.streams.filter((other) => other !== stream);
    this.arrange();
  }

  private arrange(): void {
    for (const stream of this.streams.slice(this.most)) {
      stream.end?.();
      stream.end = undefined;
    }
    for (const stream of this.streams.slice(0, this.most)) stream.end ??= this.begin(stream);
  }

  private begin(stream: Stream): () => void {
    let isEnded = false;
    const end = this.client.subscribe(stream.request as never, {
      next: (result) => {
        if (isOver(result as Result)) void this.renew(stream);
        else stream.sink.next(result as Result);
      },
      // A stream that is put off ends as one that is over does.
      complete: () => !isEnded && this.settle(stream, () => stream.sink.complete()),
      error: (problem) => this.settle(stream, () => stream.sink.error(problem)),
    });
    return () => {
      isEnded = true;
      end();
    };
  }

  private settle(stream: Stream, tell: () => void): void {
    this.close(stream);
    tell();
  }

  /** Whoever was signed in for too long goes on with new cookies. */
  private async renew(stream: Stream): Promise<void> {
    stream.end?.();
    const isRenewed = await this.options.credentials.renew();
    if (!this.streams.includes(stream)) return;
    stream.end = undefined;
    if (isRenewed) this.arrange();
    else this.settle(stream, () => stream.sink.error(new Error("Sign in again.")));
  }
}

function isOver(result: Result): boolean {
  return result.errors?.some((error) => error.extensions?.code === "UNAUTHENTICATED") ?? false;
}

/** Whether the page came by a connection that any number of requests share. */
function isShared(): boolean {
  const [page] = performance.getEntriesByType("navigation");
  return /^h[23]/.test((page as PerformanceNavigationTiming | undefined)?.nextHopProtocol ?? "");
}
