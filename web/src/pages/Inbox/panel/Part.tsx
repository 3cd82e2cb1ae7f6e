/** How facts stand in the panel: in parts that can be folded, each fact in a line with its name before it. */
import { ChevronRight } from "lucide-react";
import type { ReactNode } from "react";
import { Button, Disclosure, DisclosurePanel, Heading } from "react-aria-components";
import { cx } from "~/components/style";

interface PartProps {
  /** The same for all conversations: whether it is folded is remembered by it. */
  readonly id: string;
  readonly title: string;
  readonly actions?: ReactNode;
  /** Until somebody chooses otherwise. */
  readonly isFolded?: boolean;
  readonly children: ReactNode;
}

export function Part({ id, title, actions, isFolded = false, children }: PartProps) {
  const key = `parley.panel.${id}`;
  const kept = localStorage.getItem(key);
  const keep = (isOpen: boolean): void => localStorage.setItem(key, isOpen ? "open" : "folded");
  return (
    <Disclosure
      defaultExpanded={kept === null ? !isFolded : kept === "open"}
      onExpandedChange={keep}
      className="group border-line border-b px-4 py-2 last:border-0"
    >
      <div className="flex min-h-8 items-center gap-1">
        <Heading level={2} className="min-w-0 flex-1 font-semibold text-sm">
          <Button
            slot="trigger"
            className="-ms-1 flex min-h-8 w-full cursor-default items-center gap-1 rounded-md px-1 text-start hover:bg-hover"
          >
            <ChevronRight
              size={14}
              aria-hidden
              className="shrink-0 text-ink-faint transition-transform group-expanded:rotate-90 rtl:rotate-180 rtl:group-expanded:rotate-90"
            />
            <span className="truncate">{title}</span>
          </Button>
        </Heading>
        {actions}
      </div>
      <DisclosurePanel>
        <div className="flex flex-col gap-2 pt-1 pb-2">{children}</div>
      </DisclosurePanel>
    </Disclosure>
  );
}

/** Facts one beneath the other. */
export function Facts({ children, className }: { readonly children: ReactNode; readonly className?: string }) {
  return <dl className={cx("grid grid-cols-[6.75rem_1fr] gap-x-3 gap-y-0.5", className)}>{children}</dl>;
}

interface FactProps {
  readonly name: string;
  readonly children: ReactNode;
}

export function Fact({ name, children }: FactProps) {
  return (
    <>
      <dt className="truncate py-1 text-ink-muted" title={name}>
        {name}
      </dt>
      <dd className="min-h-7 min-w-0 py-1 [overflow-wrap:anywhere]">{children}</dd>
    </>
  );
}

/** What stands where nothing is known. */
export function Nothing({ children }: { readonly children: ReactNode }) {
  return <span className="text-ink-faint">{children}</span>;
}
