/** How facts stand in the panel: in parts that can be folded, each fact in a line with its name before it. */
import { ChevronRight } from "lucide-react";
import { type ReactNode, useId, useState } from "react";
import { Button } from "react-aria-components";
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
  const body = useId();
  const [isOpen, setOpen] = useState(() => (localStorage.getItem(key) ?? (isFolded ? "folded" : "open")) === "open");
  const toggle = (): void => {
    localStorage.setItem(key, isOpen ? "folded" : "open");
    setOpen(!isOpen);
  };
  return (
    <div className="border-line border-b px-4 py-2 last:border-0">
      <div className="flex min-h-8 items-center gap-1">
        <h2 className="min-w-0 flex-1 font-semibold text-sm">
          <Button
            aria-expanded={isOpen}
            aria-controls={body}
            onPress={toggle}
            className="group -ms-1 flex min-h-8 w-full cursor-default items-center gap-1 rounded-md px-1 text-start hover:bg-hover"
          >
            <ChevronRight
              size={14}
              aria-hidden
              className="shrink-0 text-ink-faint transition-transform group-aria-expanded:rotate-90 rtl:rotate-180 rtl:group-aria-expanded:rotate-90"
            />
            <span className="truncate">{title}</span>
          </Button>
        </h2>
        {actions}
      </div>
      <div id={body} hidden={!isOpen}>
        {isOpen && <div className="flex flex-col gap-2 pt-1 pb-2">{children}</div>}
      </div>
    </div>
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
