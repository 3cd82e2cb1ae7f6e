/** Mutations as promises: a success, or a `Refusal` with what to do about it. Each is done once, however often it is sent. */
import { useCallback, useEffect, useState } from "react";
import { commitMutation, type GraphQLTaggedNode, useRelayEnvironment } from "react-relay";
import type { MutationConfig, MutationParameters, SelectorStoreUpdater } from "relay-runtime";
import { NetworkError } from "./graphql";
import { fetchOnIntent } from "./intent";

/** The server understood and refused: its words, and which fields of the input they are about. */
export class Refusal extends Error {
  override readonly name = "Refusal";
  constructor(
    message: string,
    readonly code: string,
    readonly fields: readonly { readonly path: string; readonly message: string }[] = [],
    readonly payload: Readonly<Record<string, unknown>> = {},
  ) {
    super(message);
  }

  private readonly told = new Set<string>();

  /** What is wrong with one field of the input, for whoever shows it there. */
  of(path: string): string | undefined {
    const found = this.fields.find((field) => field.path === path || field.path === `input.${path}`);
    if (found) this.told.add(found.path);
    return found?.message;
  }

  /** What is shown at no field, in words for people: where fields are to blame, their paths are for programs. */
  get rest(): readonly string[] {
    if (this.fields.length === 0) return [this.message];
    return this.fields.filter(({ path }) => !this.told.has(path)).map(({ message }) => message);
  }
}

interface Options<M extends MutationParameters> {
  readonly optimisticResponse?: MutationConfig<M>["optimisticResponse"];
  readonly optimisticUpdater?: SelectorStoreUpdater<M["response"]>;
  readonly updater?: SelectorStoreUpdater<M["response"]>;
}

/** The payload of the mutation's one root field. */
type Payload<M extends MutationParameters> = NonNullable<M["response"][keyof M["response"]]>;
type Change<M extends MutationParameters> = (variables: M["variables"], options?: Options<M>) => Promise<Payload<M>>;

/** A list without what was deleted: a deleted object leaves a gap in the store's lists until they are asked for anew. */
export function present<T>(list: readonly T[]): readonly NonNullable<T>[] {
  return list.filter((one): one is NonNullable<T> => one !== null && one !== undefined);
}

/** What is built has the documents of mutations apart from the pages (`scripts/apart.ts`): to read, nobody needs them. */
interface Apart {
  fetch(): Promise<{ readonly default: GraphQLTaggedNode }>;
}

function isApart(mutation: unknown): mutation is Apart {
  return typeof mutation === "object" && mutation !== null && "fetch" in mutation;
}

async function whole(mutation: GraphQLTaggedNode): Promise<GraphQLTaggedNode> {
  if (!isApart(mutation)) return mutation;
  const found = await mutation.fetch().catch(() => {
    throw new NetworkError("The server cannot be reached.");
  });
  return found.default;
}

/** How often a mutation is sent again when no answer came: the key makes that harmless. */
const TRIES = 3;

/**
 * A mutation of one root field with an `input`; the second item says whether one is under way. An `idempotencyKey` is added
 * where the caller gives none. Raises `Refusal`, or `NetworkError` when no answer came.
 */
export function useChange<M extends MutationParameters>(mutation: GraphQLTaggedNode): [Change<M>, boolean] {
  const environment = useRelayEnvironment();
  const [running, setRunning] = useState(0);
  useEffect(() => {
    if (isApart(mutation)) fetchOnIntent(mutation.fetch);
  }, [mutation]);
  const change = useCallback<Change<M>>(
    async (variables, options = {}) => {
      setRunning((count) => count + 1);
      const keyed = withKey(variables);
      const once = async (): Promise<Payload<M>> => {
        const document = await whole(mutation);
        return new Promise((resolve, reject) =>
          commitMutation<M>(environment, {
            mutation: document,
            variables: keyed,
            ...options,
            onCompleted: (response) => settle(response as Record<string, unknown>, resolve as never, reject),
            onError: reject,
          }),
        );
      };
      try {
        return await persistently(once);
      } finally {
        setRunning((count) => count - 1);
      }
    },
    [environment, mutation],
  );
  return [change, running > 0];
}

function withKey<V>(variables: V): V {
  const { input } = variables as { input?: Record<string, unknown> };
  if (!input || input.idempotencyKey) return variables;
  return { ...variables, input: { ...input, idempotencyKey: crypto.randomUUID() } };
}

async function persistently<T>(once: () => Promise<T>): Promise<T> {
  for (let tried = 1; ; tried++) {
    try {
      return await once();
    } catch (error) {
      if (tried === TRIES || !(error instanceof NetworkError && error.code === "UNREACHABLE")) throw error;
      await new Promise((resume) => setTimeout(resume, 300 * 2 ** tried));
    }
  }
}

function settle(
  response: Record<string, unknown>,
  resolve: (payload: unknown) => void,
  reject: (e: Error) => void,
): void {
  const [payload] = Object.values(response) as [Record<string, unknown> | null];
  if (!payload) reject(new NetworkError("The server could not do that.", "INTERNAL"));
  else if (typeof payload.code === "string" && typeof payload.message === "string")
    reject(new Refusal(payload.message, payload.code, (payload.fields ?? []) as Refusal["fields"], payload));
  else resolve(payload);
}
