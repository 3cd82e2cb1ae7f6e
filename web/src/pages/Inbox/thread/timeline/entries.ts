/** One order for all there is to read: messages, notes and quiet lines, parted by days, together where one goes on. */

export interface Dated {
  readonly id: string;
  readonly createdAt: string;
}

export interface Said extends Dated {
  /** The same for the same author. */
  readonly author: string;
}

export type Entry<M extends Said, N extends Dated, H extends { readonly cursor: string; readonly at: string }> =
  | { readonly kind: "day"; readonly key: string; readonly at: string }
  /** `isFirst`: somebody begins to speak, so their name is shown. */
  | {
      readonly kind: "message";
      readonly key: string;
      readonly at: string;
      readonly isFirst: boolean;
      readonly message: M;
    }
  | { readonly kind: "note"; readonly key: string; readonly at: string; readonly note: N }
  | { readonly kind: "line"; readonly key: string; readonly at: string; readonly happening: H };

interface Sources<M, N, H> {
  readonly messages: readonly M[];
  readonly notes: readonly N[];
  readonly happenings: readonly H[];
  /** There are messages before the first of these: what lies before it is not shown yet. */
  readonly hasEarlier: boolean;
}

/** Silence that long, and a name is shown again. */
const PAUSE = 5 * 60_000;

export function entriesOf<M extends Said, N extends Dated, H extends { readonly cursor: string; readonly at: string }>({
  messages,
  notes,
  happenings,
  hasEarlier,
}: Sources<M, N, H>): readonly Entry<M, N, H>[] {
  const begin = hasEarlier ? Date.parse(messages[0]?.createdAt ?? "") : 0;
  const entries: Entry<M, N, H>[] = [
    ...messages.map(
      (message) => ({ kind: "message", key: message.id, at: message.createdAt, isFirst: true, message }) as const,
    ),
    ...notes.map((note) => ({ kind: "note", key: note.id, at: note.createdAt, note }) as const),
    ...happenings.map((happening) => ({ kind: "line", key: happening.cursor, at: happening.at, happening }) as const),
  ];
  // Sorting keeps what came at the same moment in the order above: words first, then what came of them.
  return withDays(
    entries.filter((entry) => Date.parse(entry.at) >= begin).sort((a, b) => Date.parse(a.at) - Date.parse(b.at)),
  );
}

function withDays<M extends Said, N extends Dated, H extends { readonly cursor: string; readonly at: string }>(
  entries: readonly Entry<M, N, H>[],
): readonly Entry<M, N, H>[] {
  const parted: Entry<M, N, H>[] = [];
  for (const entry of entries) {
    const before = parted.at(-1);
    const day = dayOf(entry.at);
    if (!before || dayOf(before.at) !== day) parted.push({ kind: "day", key: `day ${day}`, at: entry.at });
    parted.push(entry.kind === "message" ? { ...entry, isFirst: !goesOn(parted.at(-1), entry) } : entry);
  }
  return parted;
}

function goesOn<M extends Said, N extends Dated, H extends { readonly cursor: string; readonly at: string }>(
  before: Entry<M, N, H> | undefined,
  entry: Entry<M, N, H> & { kind: "message" },
): boolean {
  return (
    before?.kind === "message" &&
    before.message.author === entry.message.author &&
    Date.parse(entry.at) - Date.parse(before.at) < PAUSE
  );
}

/** The day by the clock on the wall. */
function dayOf(at: string): string {
  return new Date(at).toDateString();
}
