/** Files on their way to the store: announced, sent, and said to be complete. */

import type { widgetUploadedMutation } from "~/__generated__/widgetUploadedMutation.graphql";
import uploaded from "~/__generated__/widgetUploadedMutation.graphql";
import type { widgetUploadMutation } from "~/__generated__/widgetUploadMutation.graphql";
import upload from "~/__generated__/widgetUploadMutation.graphql";
import { NetworkError } from "~/graphql";
import type { Api } from "./api";
import type { Enclosure } from "./outbox";
import { unique } from "./storage";
import type { Visit } from "./visit";

export const LARGEST = 25_000_000;
export const MOST = 10;
export const ACCEPTED = ".png,.jpg,.jpeg,.gif,.webp,.pdf,.txt,.csv,.zip,.docx,.xlsx,.pptx,.odt,.ods,.mp3,.mp4";

/** Send a file; raises `RefusedError` for one that is not taken, `NetworkError` for one that did not arrive. */
export async function send(api: Api, visit: Visit, file: File): Promise<Enclosure> {
  if (!visit.isBegun) await visit.begin();
  const announced = { name: file.name, size: file.size, contentType: file.type || "text/plain" };
  const place = await api.change<widgetUploadMutation>(upload, { ...announced, idempotencyKey: unique() });
  if (!place.upload || !place.file) throw new NetworkError("The server gave no answer.", "UNKNOWN");
  const headers = Object.fromEntries(place.upload.headers.map(({ name, value }) => [name, value]));
  const answer = await fetch(place.upload.url, {
    method: place.upload.method,
    headers,
    body: file,
    credentials: "omit",
  });
  if (!answer.ok) throw new NetworkError(`The store answered with ${answer.status}.`, "UNKNOWN");
  await api.change<widgetUploadedMutation>(uploaded, { fileId: place.file.id, idempotencyKey: unique() });
  return { id: place.file.id, name: file.name, size: file.size };
}
