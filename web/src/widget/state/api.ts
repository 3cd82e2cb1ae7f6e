/** The API for the widget: documents by name, answers as data or as errors. */
import type { OperationType } from "relay-runtime";
import { NetworkError, type Operation, Transport } from "~/graphql";
import type { Visit } from "./visit";

/** What `~/__generated__/widget….graphql` gives: the build leaves nothing of it but this. */
export interface Compiled {
  readonly params: { readonly id?: string | null; readonly name: string };
}

/** The server understood and refused. */
export class RefusedError extends Error {
  override readonly name = "RefusedError";
  constructor(
    message: string,
    readonly code: string,
  ) {
    super(message);
  }
}

const texts = import.meta.env.DEV ? (await import("~/__generated__/documents.json")).default : undefined;

export class Api {
  readonly transport: Transport;

  constructor(visit: Visit) {
    this.transport = new Transport(visit, texts);
  }

  /** The data of a query; raises `NetworkError`. */
  async ask<O extends OperationType>(document: Compiled, variables: O["variables"]): Promise<O["response"]> {
    const { data, errors } = await this.transport.execute(named(document), variables);
    if (data) return data as O["response"];
    const [first] = errors ?? [];
    throw new NetworkError(first?.message ?? "The server gave no answer.", first?.extensions?.code ?? "UNKNOWN");
  }

  /** The payload of a mutation's one field; raises `RefusedError` for one that says why not. */
  async change<O extends OperationType>(document: Compiled, input: object): Promise<Payload<O>> {
    const response = await this.ask<O>(document, { input } as O["variables"]);
    const [payload] = Object.values(response as Record<string, { code?: string; message?: string } | null>);
    if (!payload) throw new NetworkError("The server could not do that.", "INTERNAL");
    if (typeof payload.code === "string") throw new RefusedError(payload.message ?? "", payload.code);
    return payload as Payload<O>;
  }

  /** Follow a subscription until it is ended; `failed` hears when it cannot go on. */
  follow<O extends OperationType>(
    document: Compiled,
    variables: O["variables"],
    next: (event: Payload<O>) => void,
    failed: (error: Error) => void = () => {},
  ): () => void {
    return this.transport.subscribe(named(document), variables, {
      next: ({ data }) => {
        const [event] = Object.values(data ?? {});
        if (event) next(event as Payload<O>);
      },
      error: failed,
      complete: () => {},
    });
  }
}

/** What the one field of an operation gives. */
export type Payload<O extends OperationType> = NonNullable<O["response"][keyof O["response"]]>;

function named(document: Compiled): Operation {
  return { id: document.params.id ?? "", name: document.params.name };
}
