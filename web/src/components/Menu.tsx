/** What opens beneath a button: a menu of deeds, and free content. */
import type { LucideIcon } from "lucide-react";
import { type ReactElement, type ReactNode, Suspense, use } from "react";
import { MenuBody, PopoverBody } from "./floating/bodies";
import { MenuParts } from "./floating/menu";
import { useOpened } from "./floating/useOpened";

export interface MenuProps {
  /** The button that opens it. */
  readonly trigger: ReactElement;
  readonly children: ReactNode;
  readonly placement?: "bottom end" | "bottom start" | "top start" | "top end";
  readonly label?: string;
}

export function Menu({ trigger, placement = "bottom end", ...rest }: MenuProps) {
  const { button, opened, isWanted } = useOpened(trigger, "menu");
  return (
    <>
      {button}
      {isWanted && (
        <Suspense>
          <MenuBody {...rest} {...opened} placement={placement} />
        </Suspense>
      )}
    </>
  );
}

export interface MenuItemProps {
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

export function MenuItem(props: MenuItemProps) {
  const parts = use(MenuParts);
  return parts && <parts.Item {...props} />;
}

export interface MenuSectionProps {
  readonly title: string;
  readonly children: ReactNode;
}

export function MenuSection(props: MenuSectionProps) {
  const parts = use(MenuParts);
  return parts && <parts.Section {...props} />;
}

export function MenuSeparator() {
  const parts = use(MenuParts);
  return parts && <parts.Line />;
}

export interface PopoverProps {
  readonly trigger: ReactElement;
  readonly label: string;
  readonly children: ReactNode | ((close: () => void) => ReactNode);
  readonly placement?: MenuProps["placement"];
  readonly className?: string;
}

/** Free content beneath a button: filters, a colour, a date. */
export function Popover({ trigger, placement = "bottom start", ...rest }: PopoverProps) {
  const { button, opened, isWanted } = useOpened(trigger, "dialog");
  return (
    <>
      {button}
      {isWanted && (
        <Suspense>
          <PopoverBody {...rest} {...opened} placement={placement} />
        </Suspense>
      )}
    </>
  );
}
