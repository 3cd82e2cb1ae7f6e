/** What somebody said, on the side where they sit: customers at the start, the company at the end. */
import type { ReactNode } from "react";
import { useFormatter } from "use-intl";
import { Avatar } from "~/components/Badge";
import { cx } from "~/components/style";

export type Side = "customer" | "agent" | "assistant" | "note";

const LOOKS: Record<Side, string> = {
  customer: "bg-surface ring-1 ring-line",
  agent: "bg-accent-soft",
  assistant: "bg-assistant-soft",
  note: "bg-note-soft ring-1 ring-note/20",
};

interface BubbleProps {
  readonly side: Side;
  readonly name: string;
  readonly at?: string;
  /** Somebody begins to speak: their name and face are shown. */
  readonly isFirst: boolean;
  /** Beside the name: the channel, what kind of message it is. */
  readonly marks?: ReactNode;
  /** Beside the words, on the side where there is room: what can be done with them. */
  readonly beside?: ReactNode;
  /** Beneath the words: what became of them. */
  readonly footer?: ReactNode;
  readonly children: ReactNode;
}

export function Bubble({ side, name, at, isFirst, marks, beside, footer, children }: BubbleProps) {
  const isCustomer = side === "customer";
  return (
    <div className={cx("group flex gap-2", isFirst ? "pt-3" : "pt-1", !isCustomer && "flex-row-reverse")}>
      <span className="w-6 shrink-0">{isFirst && <Avatar name={name} />}</span>
      <div className={cx("flex min-w-0 max-w-[85%] flex-col sm:max-w-[75%]", !isCustomer && "items-end")}>
        <p className={cx("mb-1 flex flex-wrap items-center gap-x-1.5 text-xs", !isFirst && "sr-only")}>
          <span className="font-medium text-ink">{name}</span>
          {at && <Time at={at} />}
          {marks}
        </p>
        <div className={cx("flex max-w-full items-end gap-1", !isCustomer && "flex-row-reverse")}>
          <div className={cx("min-w-0 rounded-xl px-3 py-2", LOOKS[side])}>{children}</div>
          {beside}
        </div>
        {footer}
      </div>
    </div>
  );
}

export function Time({ at }: { readonly at: string }) {
  const format = useFormatter();
  const date = new Date(at);
  return (
    <time
      dateTime={at}
      title={format.dateTime(date, { dateStyle: "medium", timeStyle: "medium" })}
      className="text-ink-faint tabular-nums"
    >
      {format.dateTime(date, { timeStyle: "short" })}
    </time>
  );
}
