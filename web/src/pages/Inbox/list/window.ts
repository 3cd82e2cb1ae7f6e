/** Which rows of a long list are in sight: the others are not drawn. Rows are equally high. */
import { type RefObject, useEffect, useState } from "react";

/** Rows drawn beyond the edges, so that a quick finger finds them there. */
const SPARE = 8;
/** The range moves by so many rows at once, so that few scroll events draw anything. */
const STEP = 4;

export interface Range {
  readonly first: number;
  /** Behind the last one. */
  readonly end: number;
}

/** The rows to draw, of a list of `count`, scrolled so far and so high. */
export function rangeOf(top: number, height: number, row: number, count: number): Range {
  const first = Math.floor(top / row / STEP) * STEP - SPARE;
  const end = Math.ceil((top + height) / row / STEP) * STEP + SPARE;
  return { first: Math.max(0, Math.min(first, count)), end: Math.min(count, Math.max(0, end)) };
}

/** The rows to draw in a scrolling element, and whether it stands at its top. */
export function useWindow(scroller: RefObject<HTMLElement | null>, row: number, count: number): [Range, boolean] {
  const [range, setRange] = useState<Range>({ first: 0, end: Math.min(count, 40) });
  const [isAtTop, setAtTop] = useState(true);
  useEffect(() => {
    const element = scroller.current;
    if (!element) return;
    const look = (): void => {
      const next = rangeOf(element.scrollTop, element.clientHeight, row, count);
      setRange((before) => (before.first === next.first && before.end === next.end ? before : next));
      setAtTop(element.scrollTop < row / 2);
    };
    look();
    element.addEventListener("scroll", look, { passive: true });
    const sizes = new ResizeObserver(look);
    sizes.observe(element);
    return () => {
      element.removeEventListener("scroll", look);
      sizes.disconnect();
    };
  }, [scroller, row, count]);
  return [range, isAtTop];
}
