/** Files of somebody's computer, as documents that a request can carry. */

export interface Document {
  readonly name: string;
  readonly text?: string;
  readonly base64?: string;
}

/** A file with its path inside the folder that was dropped. */
export interface Chosen {
  readonly path: string;
  readonly file: File;
}

const READABLE = /\.(md|markdown|html?|txt|pdf|jsonl|csv)$/i;
/** A request holds this much, with room for the JSON around it; the server allows a megabyte. */
export const BATCH_BYTES = 700_000;
export const BATCH_FILES = 200;

export const isReadable = ({ path }: Chosen): boolean => READABLE.test(path) && !/(^|\/)\./.test(path);

/** Files in the order of their paths, gathered so that each batch fits into a request. A file too large for one is alone. */
export function batches(files: readonly Chosen[], bytes = BATCH_BYTES, count = BATCH_FILES): Chosen[][] {
  const sorted = [...files].sort((one, other) => one.path.localeCompare(other.path));
  const made: Chosen[][] = [];
  let room = 0;
  for (const chosen of sorted) {
    const size = weight(chosen);
    const last = made.at(-1);
    if (last && size <= room && last.length < count) {
      last.push(chosen);
      room -= size;
    } else {
      made.push([chosen]);
      room = bytes - size;
    }
  }
  return made;
}

/** Bytes in a request: PDF travels as base64, which is a third more. */
function weight({ path, file }: Chosen): number {
  return /\.pdf$/i.test(path) ? Math.ceil(file.size * 1.34) : file.size;
}

export const isTooLarge = (chosen: Chosen, bytes = BATCH_BYTES): boolean => weight(chosen) > bytes;

export async function documentOf({ path, file }: Chosen): Promise<Document> {
  if (!/\.pdf$/i.test(path)) return { name: path, text: await file.text() };
  const bytes = new Uint8Array(await file.arrayBuffer());
  return { name: path, base64: btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join("")) };
}
