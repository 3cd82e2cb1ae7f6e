/** The words of a button that shows an icon alone. */
import type { ReactNode, RefObject } from "react";
import { Tooltip, TooltipTriggerStateContext } from "react-aria-components";
import type { TooltipTriggerState } from "react-stately/useTooltipTriggerState";

interface TipProps {
  readonly id: string | undefined;
  readonly state: TooltipTriggerState;
  readonly triggerRef: RefObject<Element | null>;
  readonly children: ReactNode;
}

export default function Tip({ id, state, triggerRef, children }: TipProps) {
  const described = { id }; // which the component takes, and its type does not know of
  return (
    <TooltipTriggerStateContext value={state}>
      <Tooltip
        {...described}
        triggerRef={triggerRef}
        offset={6}
        className="rounded-md bg-ink px-2 py-1 text-canvas text-xs entering:animate-appear"
      >
        {children}
      </Tooltip>
    </TooltipTriggerStateContext>
  );
}
