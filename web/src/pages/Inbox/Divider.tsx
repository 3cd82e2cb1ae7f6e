/** The line between two columns: dragged, or moved by arrow keys, it makes one of them wider. */
import { type KeyboardEvent, type PointerEvent, useState } from "react";

/** A number that this browser keeps, and how to change it. */
export function useKept(key: string, otherwise: number): [value: number, keep: (value: number) => void] {
  const [value, setValue] = useState(() => Number(localStorage.getItem(key) ?? otherwise));
  const keep = (next: number): void => {
    localStorage.setItem(key, `${next}`);
    setValue(next);
  };
  return [Number.isFinite(value) ? value : otherwise, keep];
}

interface DividerProps {
  readonly label: string;
  /** Of the column, in pixels. */
  readonly width: number;
  readonly least: number;
  readonly most: number;
  readonly onChange: (width: number) => void;
  /** The column is behind the line in the direction of reading, not before it. */
  readonly isAtStart?: boolean;
}

const STEP = 16;

export function Divider({ label, width, least, most, onChange, isAtStart = false }: DividerProps) {
  const set = (next: number): void => onChange(Math.round(Math.max(least, Math.min(most, next))));
  const sign = (isAtStart ? -1 : 1) * (document.dir === "rtl" ? -1 : 1);
  const drag = (event: PointerEvent<HTMLElement>): void => {
    const from = event.clientX;
    const line = event.currentTarget;
    line.setPointerCapture(event.pointerId);
    const move = (next: globalThis.PointerEvent): void => set(width + sign * (next.clientX - from));
    line.addEventListener("pointermove", move);
    line.addEventListener("lostpointercapture", () => line.removeEventListener("pointermove", move), { once: true });
  };
  const press = (event: KeyboardEvent): void => {
    const by = { ArrowLeft: -STEP, ArrowRight: STEP }[event.key];
    if (by) set(width + sign * by);
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: an <hr> cannot be moved
    <div
      role="separator"
      aria-orientation="vertical"
      aria-label={label}
      aria-valuenow={width}
      aria-valuemin={least}
      aria-valuemax={most}
      tabIndex={0}
      onPointerDown={drag}
      onKeyDown={press}
      className="relative w-px shrink-0 touch-none bg-line before:absolute before:-inset-x-1 before:inset-y-0 before:z-10 before:cursor-col-resize hover:before:bg-accent-soft focus-visible:before:bg-accent-soft"
    />
  );
}
