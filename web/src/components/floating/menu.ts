/** What a menu is made of, known once the menu is there. */
import { type ComponentType, createContext } from "react";
import type { MenuItemProps, MenuSectionProps } from "../Menu";

interface Parts {
  readonly Item: ComponentType<MenuItemProps>;
  readonly Section: ComponentType<MenuSectionProps>;
  readonly Line: ComponentType;
}

export const MenuParts = createContext<Parts | null>(null);
