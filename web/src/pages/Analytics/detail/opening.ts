/** Which number somebody wants to know more about. */
import { createContext, use } from "react";
import type { Condition } from "../asking/input";
import type { Span } from "../asking/question";

/** A number on a page: its metric, when and where it is about, and how it is said. */
export interface Opened {
  readonly metric: string;
  readonly span: Span;
  /** All conditions: those of the page and those of its place on it. */
  readonly conditions: readonly Condition[];
  readonly value: number | null;
  /** What it is about, in words, beyond the page's range and filters. */
  readonly about?: string;
}

export const Opening = createContext<(opened: Opened) => void>(() => {});

/** Shows the definition of a number, and what is behind it. */
export function useOpen(): (opened: Opened) => void {
  return use(Opening);
}
