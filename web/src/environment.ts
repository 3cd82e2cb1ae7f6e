/** The store of everything that the console has read, and how it reads: Relay over the one transport. */
import {
  Environment,
  type GraphQLResponse,
  Network,
  Observable,
  RecordSource,
  type RequestParameters,
  Store,
} from "relay-runtime";
import { NetworkError, type Operation, type Result, Transport } from "./graphql";
import { session } from "./session";

const texts = import.meta.env.DEV ? (await import("./__generated__/documents.json")).default : undefined;

/** The console's transport: who watches the connection asks it. */
export const transport = new Transport(session, texts);

/** A new store: one for each person and organization, so that nothing of another's stays. */
export function createEnvironment(): Environment {
  return new Environment({
    network: Network.create(
      async (request, variables) => answered(await transport.execute(named(request), variables)),
      (request, variables) =>
        Observable.create((sink) =>
          transport.subscribe(named(request), variables, {
            next: (result) => sink.next(result as GraphQLResponse),
            error: (problem) => sink.error(problem),
            complete: () => sink.complete(),
          }),
        ),
    ),
    store: new Store(new RecordSource(), { gcReleaseBufferSize: 30 }),
  });
}

function named(request: RequestParameters): Operation {
  if (!request.id) throw new Error(`${request.name} was not compiled.`);
  return { id: request.id, name: request.name };
}

/** What may fail alone is null, and stays so; only an answer without data is an error. */
function answered(result: Result): GraphQLResponse {
  if (result.data) return { data: result.data } as GraphQLResponse;
  const [first] = result.errors ?? [];
  const { code, traceId } = first?.extensions ?? {};
  throw new NetworkError(first?.message ?? "The server gave no answer.", code ?? "UNKNOWN", traceId);
}
