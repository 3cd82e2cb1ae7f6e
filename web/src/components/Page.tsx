/** The frame of a page of settings, lists and forms: its title, what one can do, and its parts. */
import { type ReactNode, useId } from "react";
import { NavLink } from "~/app/navigation";
import { cx } from "./style";

interface PageProps {
  readonly title: string;
  readonly about?: string;
  /** Buttons at the end of the title's line. */
  readonly actions?: ReactNode;
  readonly children: ReactNode;
  /** `wide` for tables, `full` for what has a frame of its own. */
  readonly width?: "text" | "wide" | "full";
}

const WIDTHS = { text: "max-w-3xl", wide: "max-w-6xl", full: "max-w-none" };

export function Page({ title, about, actions, children, width = "text" }: PageProps) {
  return (
    <div className="relative h-full overflow-y-auto">
      {/* React puts it into the head. */}
      <title>{`${title} · Parley`}</title>
      <div className={cx("mx-auto flex flex-col gap-6 px-4 py-6 sm:px-8", WIDTHS[width])}>
        <header className="flex flex-wrap items-start justify-between gap-3">
          <div className="min-w-0 flex-1 basis-72">
            <h1 className="font-semibold text-xl tracking-tight">{title}</h1>
            {about && <p className="mt-1 max-w-prose text-ink-muted">{about}</p>}
          </div>
          {actions && <div className="flex flex-wrap gap-2">{actions}</div>}
        </header>
        {children}
      </div>
    </div>
  );
}

interface SectionProps {
  readonly title?: string;
  readonly about?: string;
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}

/** A part of a page, on a card of its own. */
export function Section({ title, about, actions, children }: SectionProps) {
  return (
    <section className="rounded-xl border border-line bg-surface">
      {(title || actions) && (
        <div className="flex flex-wrap items-start justify-between gap-3 px-5 pt-4">
          <div className="min-w-0 flex-1 basis-60">
            {title && <h2 className="font-semibold">{title}</h2>}
            {about && <p className="mt-0.5 text-ink-muted">{about}</p>}
          </div>
          {actions && <div className="flex flex-wrap gap-2">{actions}</div>}
        </div>
      )}
      <div className="px-5 py-4">{children}</div>
    </section>
  );
}

interface SubNavigationItem {
  readonly to: string;
  /** What the page is asked, such as `?range=7d`. */
  readonly search?: string;
  readonly label: string;
  /** The heading that it stands under; those of one group follow each other. */
  readonly group?: string;
}

interface SubNavigationProps {
  readonly label: string;
  readonly items: readonly SubNavigationItem[];
}

/** Beside a page, the other pages of its area; above it, in one line, on a phone. */
export function SubNavigation({ label, items }: SubNavigationProps) {
  const groups = [...new Set(items.map(({ group }) => group))];
  return (
    <nav aria-label={label} className="flex gap-1 overflow-x-auto p-2 md:flex-col md:p-3">
      {groups.map((group) => (
        <Group key={group} title={group} items={items.filter((item) => item.group === group)} />
      ))}
    </nav>
  );
}

function Group({ title, items }: { readonly title?: string; readonly items: readonly SubNavigationItem[] }) {
  const id = useId();
  return (
    <>
      {title && (
        <p id={id} className="px-2.5 pt-3 pb-1 font-medium text-ink-faint text-xs first:pt-1 max-md:sr-only">
          {title}
        </p>
      )}
      <ul aria-labelledby={title && id} className="flex gap-1 md:flex-col">
        {items.map((item) => (
          <li key={item.to} className="flex flex-col">
            <NavLink
              to={item.to}
              search={item.search}
              className={(isActive) =>
                cx(
                  "whitespace-nowrap rounded-md px-2.5 py-1.5 text-sm",
                  isActive ? "bg-pressed font-medium text-ink" : "text-ink-muted hover:bg-hover hover:text-ink",
                )
              }
            >
              {item.label}
            </NavLink>
          </li>
        ))}
      </ul>
    </>
  );
}
