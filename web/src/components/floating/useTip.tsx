/** A tooltip for something that is pressed: what that takes, and the words once they are to be shown. */
import { type ReactNode, type RefObject, Suspense } from "react";
import { useTooltipTrigger } from "react-aria/useTooltipTrigger";
import type { ButtonProps } from "react-aria-components";
import { useTooltipTriggerState } from "react-stately/useTooltipTriggerState";
import { Tip } from "./bodies";

/** In milliseconds, before it appears beneath a pointer; with the keyboard it appears at once. */
const DELAY = 500;

export function useTip(words: string, triggerRef: RefObject<HTMLButtonElement | null>) {
  const state = useTooltipTriggerState({ delay: DELAY });
  const { triggerProps, tooltipProps } = useTooltipTrigger({}, state, triggerRef);
  const tip: ReactNode = state.isOpen && (
    <Suspense>
      <Tip id={tooltipProps.id} state={state} triggerRef={triggerRef}>
        {words}
      </Tip>
    </Suspense>
  );
  return { triggerProps: triggerProps as ButtonProps, tip };
}
