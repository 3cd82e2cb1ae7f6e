/** Files that are to go with what one says, on their way up while one still writes. */
import { useRef, useState } from "react";
import { useTranslations } from "use-intl";
import { LARGEST_FILE, useUpload } from "~/app/files";
import { Refusal } from "~/changes";
import type { Named } from "./sending/outbox";

export interface Attached {
  readonly key: string;
  readonly name: string;
  /** From 0 to 1. */
  readonly progress: number;
  /** Once it has arrived. */
  readonly id?: string;
  readonly problem?: string;
}

export interface Attaching {
  readonly files: readonly Attached[];
  /** Whether all have arrived: only then can they be named. */
  readonly isReady: boolean;
  add(files: Iterable<File>): void;
  remove(key: string): void;
  /** Those that have arrived; they are gone from here. */
  take(): readonly Named[];
}

function isOfWrongType(error: unknown): boolean {
  return error instanceof Refusal && error.of("contentType") !== undefined;
}

/** So many go with one message. */
const MOST = 10;

export function useAttaching(purpose: "MESSAGE" | "NOTE"): Attaching {
  const t = useTranslations("composer.files");
  const upload = useUpload();
  const [files, setFiles] = useState<readonly Attached[]>([]);
  const stops = useRef(new Map<string, AbortController>());
  const change = (key: string, part: Partial<Attached>): void =>
    setFiles((before) => before.map((file) => (file.key === key ? { ...file, ...part } : file)));
  const send = (key: string, file: File): void => {
    const stop = new AbortController();
    stops.current.set(key, stop);
    upload(file, { purpose, signal: stop.signal, onProgress: (progress) => change(key, { progress }) }).then(
      (id) => change(key, { id, progress: 1 }),
      (error) => change(key, { problem: t(isOfWrongType(error) ? "wrongType" : "failed") }),
    );
  };
  const add = (added: Iterable<File>): void => {
    const chosen = [...added].slice(0, MOST - files.length).map((file) => ({ key: crypto.randomUUID(), file }));
    const isTooLarge = (file: File): boolean => file.size > LARGEST_FILE;
    setFiles((before) => [
      ...before,
      ...chosen.map(({ key, file }) => ({
        key,
        name: file.name,
        progress: 0,
        problem: isTooLarge(file) ? t("tooLarge") : undefined,
      })),
    ]);
    for (const { key, file } of chosen) if (!isTooLarge(file)) send(key, file);
  };
  return {
    files,
    isReady: files.every((file) => file.id || file.problem),
    add,
    remove: (key) => {
      stops.current.get(key)?.abort();
      setFiles((before) => before.filter((file) => file.key !== key));
    },
    take: () => {
      setFiles([]);
      return files.flatMap(({ id, name }) => (id ? [{ id, name }] : []));
    },
  };
}
