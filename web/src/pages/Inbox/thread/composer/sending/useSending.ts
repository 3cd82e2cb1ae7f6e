/** Saying something: it stands there at once, goes out under its key, and comes back as what the server made of it. */
import { useCallback, useState, useSyncExternalStore } from "react";
import { useViewer } from "~/app/viewer";
import { type Named, type Outgoing, outboxOf } from "./outbox";
import { type MovedOn, useDelivery } from "./useDelivery";

export interface Sending {
  readonly unsent: readonly Outgoing[];
  readonly movedOn: MovedOn | null;
  say(
    words: Pick<Outgoing, "kind" | "text" | "seenCursor"> & { files: readonly Named[]; mentions: readonly Named[] },
  ): void;
  retry(item: Outgoing): void;
  /** Take back what was not sent. */
  drop(item: Outgoing): void;
  /** Send what others spoke before, now that one knows. */
  sendAnyway(): void;
  /** Take it back instead. */
  takeBack(): Outgoing | null;
}

export function useSending(id: string): Sending {
  const me = useViewer().agent?.id ?? "";
  const box = outboxOf(id);
  const unsent = useSyncExternalStore(box.watch, box.now);
  const [movedOn, setMovedOn] = useState<MovedOn | null>(null);
  const ask = useCallback((moved: MovedOn): null => {
    setMovedOn(moved);
    return null;
  }, []);
  const deliver = useDelivery(id, ask);
  const renewed = (item: Outgoing, change: Partial<Outgoing>): Outgoing => ({
    ...item,
    ...change,
    key: crypto.randomUUID(),
  });
  return {
    unsent: unsent.filter((item) => item.by === me),
    movedOn,
    say: (words) =>
      deliver({
        ...words,
        key: crypto.randomUUID(),
        by: me,
        sendAnyway: false,
        saidAt: Date.now(),
        state: "sending",
      }),
    retry: deliver,
    drop: (item) => box.remove(item.key),
    sendAnyway: () => {
      if (movedOn) deliver(renewed(movedOn.item, { sendAnyway: true, seenCursor: movedOn.cursor }));
      setMovedOn(null);
    },
    takeBack: () => {
      setMovedOn(null);
      return movedOn?.item ?? null;
    },
  };
}
