/** What opens beneath a button: a menu of deeds, and free content. */
import type { LucideIcon } from "lucide-react";
import type { ReactElement, ReactNode } from "react";
import {
  Menu as AriaMenu,
  MenuItem as AriaMenuItem,
  MenuSection as AriaMenuSection,
  Popover as AriaPopover,
  Dialog,
  DialogTrigger,
  Header,
  Keyboard,
  MenuTrigger,
  Separator,
} from "react-aria-components";
import { cx, OPTION, POPUP } from "./style";

interface MenuProps {
  /** The button that opens it. */
  readonly trigger: ReactElement;
  readonly children: ReactNode;
  readonly placement?: "bottom end" | "bottom start" | "top start" | "top end";
  readonly label?: string;
}

export function Menu({ trigger, children, placement = "bottom end", label }: MenuProps) {
  return (
    <MenuTrigger>
      {trigger}
      <AriaPopover placement={placement} className={cx(POPUP, "min-w-44")}>
        <AriaMenu aria-label={label} className="outline-none">
          {children}
        </AriaMenu>
      </AriaPopover>
    </MenuTrigger>
  );
}

interface MenuItemProps {
  readonly id?: string;
  readonly icon?: LucideIcon;
  readonly children: string;
  readonly onAction?: () => void;
  /** A page to go to. */
  readonly href?: string;
  readonly shortcut?: string;
  readonly isDanger?: boolean;
  readonly isDisabled?: boolean;
}

export function MenuItem({ icon: Icon, children, shortcut, isDanger, ...rest }: MenuItemProps) {
  return (
    <AriaMenuItem {...rest} textValue={children} className={cx(OPTION, isDanger && "text-danger")}>
      {Icon && <Icon size={16} aria-hidden className={isDanger ? undefined : "text-ink-muted"} />}
      <span className="flex-1">{children}</span>
      {shortcut && <Keyboard className="font-sans text-ink-faint text-xs">{shortcut}</Keyboard>}
    </AriaMenuItem>
  );
}

export function MenuSection({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <AriaMenuSection>
      <Header className="px-2 pt-2 pb-1 font-medium text-ink-faint text-xs">{title}</Header>
      {children}
    </AriaMenuSection>
  );
}

export function MenuSeparator() {
  return <Separator className="my-1 border-line border-t" />;
}

interface PopoverProps {
  readonly trigger: ReactElement;
  readonly label: string;
  readonly children: ReactNode | ((close: () => void) => ReactNode);
  readonly placement?: MenuProps["placement"];
  readonly className?: string;
}

/** Free content beneath a button: filters, a colour, a date. */
export function Popover({ trigger, label, children, placement = "bottom start", className }: PopoverProps) {
  return (
    <DialogTrigger>
      {trigger}
      <AriaPopover placement={placement} className={cx(POPUP, "w-72", className)}>
        <Dialog aria-label={label} className="p-2 outline-none">
          {({ close }) => (typeof children === "function" ? children(close) : children)}
        </Dialog>
      </AriaPopover>
    </DialogTrigger>
  );
}
