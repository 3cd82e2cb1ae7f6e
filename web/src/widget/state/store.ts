/** A value that views follow. */
import { useEffect, useState } from "preact/hooks";

export class Store<S extends object> {
  private readonly watchers = new Set<() => void>();

  constructor(private state: S) {}

  get now(): S {
    return this.state;
  }

  set(change: Partial<S>): void {
    this.state = { ...this.state, ...change };
    for (const watcher of this.watchers) watcher();
  }

  watch(watcher: () => void): () => void {
    this.watchers.add(watcher);
    return () => this.watchers.delete(watcher);
  }
}

/** The value as it is now, and the component drawn again when it changes. */
export function useStore<S extends object>(store: Store<S>): S {
  const [, redraw] = useState({});
  useEffect(() => store.watch(() => redraw({})), [store]);
  return store.now;
}
