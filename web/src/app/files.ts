/** Files on their way to the server and back: by addresses that it signs, so that bytes take no detour through GraphQL. */
import { useCallback } from "react";
import { commitMutation, fetchQuery, type GraphQLTaggedNode, graphql, useRelayEnvironment } from "react-relay";
import type { Environment, MutationParameters } from "relay-runtime";
import type { useFormatter } from "use-intl";
import type { filesAddressQuery } from "~/__generated__/filesAddressQuery.graphql";
import type { filesCompleteMutation } from "~/__generated__/filesCompleteMutation.graphql";
import type { FilePurpose, filesRequestMutation } from "~/__generated__/filesRequestMutation.graphql";
import { NetworkError } from "~/graphql";

/** What the server takes at most, in bytes. */
export const LARGEST_FILE = 25_000_000;

interface Sending {
  readonly purpose: FilePurpose;
  /** From 0 to 1. */
  readonly onProgress: (share: number) => void;
  readonly signal: AbortSignal;
}

/** Send a file; gives its id, to be named in a message or a note. Raises why it was refused. */
export function useUpload(): (file: File, sending: Sending) => Promise<string> {
  const environment = useRelayEnvironment() as Environment;
  return useCallback(
    async (file, { purpose, onProgress, signal }) => {
      const contentType = file.type || "text/plain";
      const input = { name: file.name.slice(-200), size: file.size, contentType, purpose };
      const announced = await change<filesRequestMutation>(environment, REQUEST, { input });
      const { file: made, upload } = announced.requestUpload ?? {};
      if (!made || !upload) throw new Error(announced.requestUpload?.message ?? "");
      await put(file, upload, onProgress, signal);
      const completed = await change<filesCompleteMutation>(environment, COMPLETE, { input: { fileId: made.id } });
      if (!completed.completeUpload?.file) throw new Error(completed.completeUpload?.message ?? "");
      return made.id;
    },
    [environment],
  );
}

const REQUEST = graphql`
  mutation filesRequestMutation($input: RequestUploadInput!) {
    requestUpload(input: $input) {
      ... on RequestUploadSuccess {
        file {
          id
        }
        upload {
          url
          method
          headers {
            name
            value
          }
        }
      }
      ... on Error {
        code
        message
      }
    }
  }
`;

const COMPLETE = graphql`
  mutation filesCompleteMutation($input: CompleteUploadInput!) {
    completeUpload(input: $input) {
      ... on CompleteUploadSuccess {
        file {
          id
          state
        }
      }
      ... on Error {
        code
        message
      }
    }
  }
`;

function change<M extends MutationParameters>(
  environment: Environment,
  mutation: GraphQLTaggedNode,
  variables: M["variables"],
): Promise<M["response"]> {
  return new Promise((resolve, reject) =>
    commitMutation<M>(environment, { mutation, variables, onCompleted: resolve, onError: reject }),
  );
}

interface Upload {
  readonly url: string;
  readonly method: string;
  readonly headers: readonly { readonly name: string; readonly value: string }[];
}

/** `fetch` tells nothing of the way up; the older request does. */
function put(file: File, upload: Upload, onProgress: (share: number) => void, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    const fail = (): void => reject(new NetworkError("The file could not be sent."));
    request.open(upload.method, near(upload.url));
    for (const { name, value } of upload.headers) request.setRequestHeader(name, value);
    request.upload.onprogress = (event) => onProgress(event.loaded / file.size);
    request.onload = () => (request.status < 300 ? resolve() : fail());
    request.onerror = fail;
    request.onabort = () => reject(signal.reason);
    signal.addEventListener("abort", () => request.abort());
    request.send(file);
  });
}

/** Addresses of our own server are asked from the origin of this page, whatever port is between; a bucket's stay. */
function near(url: string): string {
  const { hostname, pathname, search } = new URL(url, location.href);
  return hostname === location.hostname && pathname.startsWith("/files/") ? `${pathname}${search}` : url;
}

/** Where to get a file now: addresses are good for five minutes. Undefined for what cannot be had. */
export async function freshAddress(
  environment: Parameters<typeof fetchQuery>[0],
  id: string,
): Promise<string | undefined> {
  const found = await fetchQuery<filesAddressQuery>(
    environment,
    graphql`
      query filesAddressQuery($id: ID!) {
        node(id: $id) {
          ... on File {
            url
          }
        }
      }
    `,
    { id },
  ).toPromise();
  return found?.node?.url ? near(found.node.url) : undefined;
}

type Format = ReturnType<typeof useFormatter>;

/** Bytes as people say them. */
export function sizeOf(bytes: number, format: Format): string {
  const [unit, by] = bytes < 1_000 ? ["byte", 1] : bytes < 1_000_000 ? ["kilobyte", 1_000] : ["megabyte", 1_000_000];
  const digits = by === 1_000_000 ? 1 : 0;
  return format.number(bytes / Number(by), { style: "unit", unit: String(unit), maximumFractionDigits: digits });
}
