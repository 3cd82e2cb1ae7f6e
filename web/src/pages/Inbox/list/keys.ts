/** Going through a list without a mouse: one row is current, and keys act on it. */
import { type KeyboardEvent, type RefObject, useState } from "react";
import { useTranslations } from "use-intl";
import { useCommands } from "~/app/commands";
import { ROW_HEIGHT } from "./Row";

interface Current {
  readonly current: string | undefined;
  /** Go on by so many rows. */
  readonly move: (by: number) => void;
  readonly keyDown: (event: KeyboardEvent) => void;
}

/** The row that keys act on: where one went last, else what is open, else the first. */
export function useCurrent(
  ids: readonly string[],
  open: string | undefined,
  scroller: RefObject<HTMLElement | null>,
): Current {
  const [chosen, choose] = useState<string>();
  const known = [chosen, open].find((id) => id !== undefined && ids.includes(id));
  const go = (to: number): void => {
    const at = Math.max(0, Math.min(to, ids.length - 1));
    const id = ids[at];
    if (!id) return;
    choose(id);
    reveal(scroller.current, at, id);
  };
  const at = known === undefined ? -1 : ids.indexOf(known);
  const move = (by: number): void => go(at < 0 ? 0 : at + by);
  const keyDown = (event: KeyboardEvent): void => {
    const row = event.target instanceof Element ? event.target.closest("li")?.querySelector("[data-row]") : null;
    const here = ids.indexOf(row?.getAttribute("data-row") ?? "");
    const steps = STEPS[event.key];
    if (steps === undefined || here < 0) return;
    event.preventDefault();
    go(here + steps);
  };
  return { current: known ?? ids[0], move, keyDown };
}

const STEPS: Readonly<Record<string, number>> = {
  ArrowDown: 1,
  ArrowUp: -1,
  PageDown: 8,
  PageUp: -8,
  Home: Number.NEGATIVE_INFINITY,
  End: Number.POSITIVE_INFINITY,
};

/** Scroll no further than needed, then put the focus there once the row is drawn. */
function reveal(scroller: HTMLElement | null, at: number, id: string): void {
  if (!scroller) return;
  const top = at * ROW_HEIGHT;
  if (top < scroller.scrollTop) scroller.scrollTop = top;
  else if (top + ROW_HEIGHT > scroller.scrollTop + scroller.clientHeight)
    scroller.scrollTop = top + ROW_HEIGHT - scroller.clientHeight;
  requestAnimationFrame(() =>
    requestAnimationFrame(() =>
      scroller.querySelector<HTMLElement>(`[data-row="${CSS.escape(id)}"]`)?.focus({ preventScroll: true }),
    ),
  );
}

interface Acts extends Omit<Current, "keyDown"> {
  readonly selected: ReadonlySet<string>;
  readonly onSelect: (id: string, isSelected: boolean) => void;
  readonly onOpen: (id: string) => void;
}

/** Offer what keys do in a list. */
export function useListCommands({ current, move, selected, onSelect, onOpen }: Acts): void {
  const t = useTranslations("inbox.keys");
  const group = t("group");
  useCommands([
    { id: "list.next", title: t("next"), group, keys: "j", run: () => move(1) },
    { id: "list.previous", title: t("previous"), group, keys: "k", run: () => move(-1) },
    { id: "list.open", title: t("open"), group, keys: "o", run: () => current && onOpen(current) },
    {
      id: "list.select",
      title: t("select"),
      group,
      keys: "x",
      run: () => current && onSelect(current, !selected.has(current)),
    },
  ]);
}
