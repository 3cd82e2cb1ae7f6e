/** A menu of deeds, as it opens beneath its button. */
import {
  Menu as AriaMenu,
  MenuItem as AriaMenuItem,
  MenuSection as AriaMenuSection,
  Popover as AriaPopover,
  Header,
  Keyboard,
  Separator,
} from "react-aria-components";
import type { MenuItemProps, MenuProps, MenuSectionProps } from "../Menu";
import { cx, OPTION, POPUP } from "../style";
import { MenuParts } from "./menu";
import type { Opened } from "./useOpened";

type MenuBodyProps = Omit<MenuProps, "trigger"> & Opened;

export default function MenuBody(props: MenuBodyProps) {
  const { children, label, placement, isOpen, onOpenChange, focus, triggerRef } = props;
  return (
    <AriaPopover
      trigger="MenuTrigger"
      triggerRef={triggerRef}
      isOpen={isOpen}
      onOpenChange={onOpenChange}
      placement={placement}
      className={cx(POPUP, "min-w-44")}
    >
      <AriaMenu aria-label={label} autoFocus={focus} onClose={() => onOpenChange(false)} className="outline-none">
        <MenuParts value={PARTS}>{children}</MenuParts>
      </AriaMenu>
    </AriaPopover>
  );
}

function Item({ icon: Icon, children, shortcut, isDanger, ...rest }: MenuItemProps) {
  return (
    <AriaMenuItem {...rest} textValue={children} className={cx(OPTION, isDanger && "text-danger")}>
      {Icon && <Icon size={16} aria-hidden className={isDanger ? undefined : "text-ink-muted"} />}
      <span className="flex-1">{children}</span>
      {shortcut && <Keyboard className="font-sans text-ink-faint text-xs">{shortcut}</Keyboard>}
    </AriaMenuItem>
  );
}

function Section({ title, children }: MenuSectionProps) {
  return (
    <AriaMenuSection>
      <Header className="px-2 pt-2 pb-1 font-medium text-ink-faint text-xs">{title}</Header>
      {children}
    </AriaMenuSection>
  );
}

const Line = () => <Separator className="my-1 border-line border-t" />;

const PARTS = { Item, Section, Line };
