/** An answer while it is written: put together from its frames, told to whoever draws it. */

/** A piece of an answer: keep so many code points of what is there, then append it. */
export interface Frame {
  readonly messageId: string;
  readonly attempt: number;
  readonly offset: number;
  readonly text: string;
}

export interface Writing {
  readonly messageId: string;
  readonly attempt: number;
  readonly text: string;
}

/** What is there once a frame came; another attempt, or another answer, begins anew. */
export function assembled(before: Writing | null, frame: Frame): Writing {
  const { messageId, attempt } = frame;
  const goesOn = before?.messageId === messageId && before.attempt === attempt;
  return { messageId, attempt, text: firstPoints(goesOn ? before.text : "", frame.offset) + frame.text };
}

/** So many code points from the front: strings count emoji twice, frames once. */
export function firstPoints(text: string, count: number): string {
  if (text.length <= count) return text;
  let at = 0;
  for (let left = count; left > 0 && at < text.length; left--) at += (text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1;
  return text.slice(0, at);
}

/** The one answer that is being written in a conversation. Frames change it many times a second: only its own bubble watches. */
export class Answering {
  private writing: Writing | null = null;
  private readonly watchers = new Set<() => void>();

  readonly now = (): Writing | null => this.writing;

  readonly watch = (watcher: () => void): (() => void) => {
    this.watchers.add(watcher);
    return () => this.watchers.delete(watcher);
  };

  begin(messageId: string, attempt: number): void {
    if (this.writing?.messageId === messageId && this.writing.attempt === attempt) return;
    this.tell({ messageId, attempt, text: "" });
  }

  add(frame: Frame): void {
    this.tell(assembled(this.writing, frame));
  }

  end(): void {
    if (this.writing) this.tell(null);
  }

  private tell(writing: Writing | null): void {
    this.writing = writing;
    for (const watcher of this.watchers) watcher();
  }
}
