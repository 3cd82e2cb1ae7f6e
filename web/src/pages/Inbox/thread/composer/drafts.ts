/** What is typed and not sent: kept in this browser at each keystroke, and on the server a moment later, for other browsers. */
import { useCallback, useEffect, useRef, useState } from "react";
import { graphql } from "react-relay";
import type { draftsDiscardMutation } from "~/__generated__/draftsDiscardMutation.graphql";
import type { draftsSaveMutation } from "~/__generated__/draftsSaveMutation.graphql";
import { useChange } from "~/changes";

export interface Saved {
  readonly text: string;
  /** When, as the server says times. */
  readonly savedAt: string;
}

/** Of what both have, the later. */
export function restored(here: Saved | null, there: Saved | null): string {
  if (!here || !there) return (here ?? there)?.text ?? "";
  return Date.parse(there.savedAt) > Date.parse(here.savedAt) ? there.text : here.text;
}

const keyOf = (kind: string, id: string): string => `parley.draft.${kind}.${id}`;

export function readDraft(kind: string, id: string, storage: Pick<Storage, "getItem"> = localStorage): Saved | null {
  try {
    const saved: unknown = JSON.parse(storage.getItem(keyOf(kind, id)) ?? "null");
    return isSaved(saved) ? saved : null;
  } catch {
    return null;
  }
}

function isSaved(saved: unknown): saved is Saved {
  return typeof saved === "object" && saved !== null && "text" in saved && "savedAt" in saved;
}

export type Draft = readonly [text: string, setText: (text: string) => void];

/** A draft of this browser alone: notes have no other. */
export function useLocalDraft(kind: "reply" | "note", id: string, there: Saved | null = null): Draft {
  const [text, setText] = useState(() => restored(readDraft(kind, id), there));
  const change = useCallback(
    (next: string): void => {
      setText(next);
      const saved: Saved = { text: next, savedAt: new Date().toISOString() };
      if (next) localStorage.setItem(keyOf(kind, id), JSON.stringify(saved));
      else localStorage.removeItem(keyOf(kind, id));
    },
    [kind, id],
  );
  return [text, change];
}

/** So long after the last keystroke the server is told. */
const PAUSE = 1_500;

/** Tell the server what a draft has become; what is empty is discarded there. */
export function useSavedDraft(id: string, text: string, there: Saved | null): void {
  const [save] = useChange<draftsSaveMutation>(graphql`
    mutation draftsSaveMutation($input: SaveDraftInput!) {
      saveDraft(input: $input) {
        __typename
        ... on Error {
          code
          message
        }
      }
    }
  `);
  const [discard] = useChange<draftsDiscardMutation>(graphql`
    mutation draftsDiscardMutation($input: DiscardDraftInput!) {
      discardDraft(input: $input) {
        __typename
        ... on Error {
          code
          message
        }
      }
    }
  `);
  const known = useRef(there?.text ?? "");
  useEffect(() => {
    if (text === known.current) return;
    const timer = setTimeout(() => {
      known.current = text;
      const told = text ? save({ input: { conversationId: id, text } }) : discard({ input: { conversationId: id } });
      // It is in this browser all the same, and the next keystroke tells again.
      told.catch(() => {});
    }, PAUSE);
    return () => clearTimeout(timer);
  }, [id, text, save, discard]);
}
