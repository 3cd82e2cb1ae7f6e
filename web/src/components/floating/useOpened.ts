/** A button that opens something beneath it. */
import { cloneElement, type KeyboardEvent, type ReactElement, type RefObject, useRef, useState } from "react";
import type { PressEvent } from "react-aria-components";

/** What is open, or was: where it belongs, and how it closes. */
export interface Opened {
  readonly isOpen: boolean;
  readonly onOpenChange: (isOpen: boolean) => void;
  /** Which of its items has the focus: none where a pointer opened it. */
  readonly focus: "first" | "last" | true;
  readonly triggerRef: RefObject<HTMLButtonElement | null>;
}

interface Trigger {
  readonly button: ReactElement;
  readonly opened: Opened;
  /** Whether it was ever open: before that, there is nothing to draw. */
  readonly isWanted: boolean;
}

/** Keys that open a menu, and where the focus is then. */
const ARROWS: Readonly<Record<string, Opened["focus"]>> = { ArrowDown: "first", ArrowUp: "last" };

/** The button with all that opening takes: it says what it opens and whether that is open, and takes the focus back. */
export function useOpened(trigger: ReactElement, kind: "menu" | "dialog"): Trigger {
  const triggerRef = useRef<HTMLButtonElement>(null);
  const [isOpen, onOpenChange] = useState(false);
  const [focus, setFocus] = useState<Opened["focus"]>();
  const open = (by: Opened["focus"]): void => {
    setFocus(by);
    onOpenChange(true);
  };
  const button = cloneElement(trigger as ReactElement<Record<string, unknown>>, {
    ref: triggerRef,
    "aria-haspopup": kind,
    "aria-expanded": isOpen,
    onPress: ({ pointerType }: PressEvent) =>
      open(pointerType === "keyboard" || pointerType === "virtual" ? "first" : true),
    onKeyDown: ({ key }: KeyboardEvent) => {
      const by = ARROWS[key];
      if (by && kind === "menu") open(by);
    },
  });
  return { button, opened: { isOpen, onOpenChange, focus: focus ?? true, triggerRef }, isWanted: focus !== undefined };
}
