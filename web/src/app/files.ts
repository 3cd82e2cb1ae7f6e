/** Files on their way to the server and back: by addresses that it signs, so that bytes take no detour through GraphQL. */
import { useCallback } from "react";
import { fetchQuery, graphql } from "react-relay";
import type { useFormatter } from "use-intl";
import type { filesAddressQuery } from "~/__generated__/filesAddressQuery.graphql";
import type { filesCompleteMutation } from "~/__generated__/filesCompleteMutation.graphql";
import type { FilePurpose, filesRequestMutation } from "~/__generated__/filesRequestMutation.graphql";
import { useChange } from "~/changes";
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
  const [request] = useChange<filesRequestMutation>(graphql`
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
        ... on InvalidInputError {
          fields {
            path
            message
          }
        }
        ... on Error {
          code
          message
        }
      }
    }
  `);
  const [complete] = useChange<filesCompleteMutation>(graphql`
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
  `);
  return useCallback(
    async (file, { purpose, onProgress, signal }) => {
      const contentType = file.type || "text/plain";
      const input = { name: file.name.slice(-200), size: file.size, contentType, purpose };
      const { file: made, upload } = await request({ input });
      if (!made || !upload) throw new NetworkError("The server gave no address.", "INTERNAL");
      await put(file, upload, onProgress, signal);
      await complete({ input: { fileId: made.id } });
      return made.id;
    },
    [request, complete],
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

/** Look at a file again: how far it is, and where to get it for the next five minutes. Undefined for what cannot be had. */
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
            state
            refusal
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
