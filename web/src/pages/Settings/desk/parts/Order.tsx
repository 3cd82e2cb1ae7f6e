/** A list whose order counts: lines are moved by dragging, or by keyboard from their handle. */
import { GripVertical } from "lucide-react";
import type { ReactNode } from "react";
import { Button, DropIndicator, GridList, GridListItem, type Key, useDragAndDrop } from "react-aria-components";
import { useTranslations } from "use-intl";
import { moved } from "./place";

interface OrderProps<T> {
  readonly label: string;
  readonly items: readonly T[];
  readonly keyOf: (item: T) => string;
  readonly nameOf: (item: T) => string;
  readonly children: (item: T) => ReactNode;
  /** The keys as they are to stand. */
  readonly onMove: (keys: readonly string[]) => void;
}

export function Order<T extends object>({ label, items, keyOf, nameOf, children, onMove }: OrderProps<T>) {
  const t = useTranslations("desk.order");
  const order = items.map(keyOf);
  const { dragAndDropHooks } = useDragAndDrop({
    getItems: (keys) => [...keys].map((key) => ({ "text/plain": String(key) })),
    onReorder: ({ keys, target }) =>
      onMove(moved(order, [...keys].map(String), String(target.key), target.dropPosition === "after")),
    renderDropIndicator: (target) => <DropIndicator target={target} className="drop-target:bg-accent h-0.5" />,
  });
  return (
    <GridList
      aria-label={label}
      items={items}
      dependencies={[children]}
      dragAndDropHooks={dragAndDropHooks}
      keyboardNavigationBehavior="tab"
      className="divide-y divide-line outline-none"
    >
      {(item) => (
        <GridListItem
          id={keyOf(item) satisfies Key}
          textValue={nameOf(item)}
          className="flex min-h-11 items-center gap-2 py-2 outline-none focus-visible:outline-2 focus-visible:outline-accent-ink dragging:opacity-50"
        >
          <Button
            slot="drag"
            aria-label={t("move", { name: nameOf(item) })}
            className="flex size-6 shrink-0 cursor-grab items-center justify-center rounded text-ink-faint hover:bg-hover hover:text-ink"
          >
            <GripVertical size={16} aria-hidden />
          </Button>
          {children(item)}
        </GridListItem>
      )}
    </GridList>
  );
}
