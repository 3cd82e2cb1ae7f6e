/** Free content, as it opens beneath its button. */
import { Popover as AriaPopover, Dialog } from "react-aria-components";
import type { PopoverProps } from "../Menu";
import { cx, POPUP } from "../style";
import type { Opened } from "./useOpened";

type PopoverBodyProps = Omit<PopoverProps, "trigger"> & Opened;

export default function PopoverBody(props: PopoverBodyProps) {
  const { children, className, label, placement, isOpen, onOpenChange, triggerRef } = props;
  const close = (): void => onOpenChange(false);
  return (
    <AriaPopover
      trigger="DialogTrigger"
      triggerRef={triggerRef}
      isOpen={isOpen}
      onOpenChange={onOpenChange}
      placement={placement}
      className={cx(POPUP, "w-72", className)}
    >
      <Dialog aria-label={label} className="p-2 outline-none">
        {typeof children === "function" ? children(close) : children}
      </Dialog>
    </AriaPopover>
  );
}
