/** Small things that say one fact: states, tags, people, times, amounts. */
import type { ReactNode } from "react";
import { useFormatter, useNow } from "use-intl";
import { cx } from "./style";

export type Tone = "neutral" | "accent" | "assistant" | "success" | "warning" | "danger";

const TONES: Record<Tone, string> = {
  neutral: "bg-hover text-ink-muted",
  accent: "bg-accent-soft text-accent-ink",
  assistant: "bg-assistant-soft text-assistant",
  success: "bg-success-soft text-success",
  warning: "bg-warning-soft text-warning",
  danger: "bg-danger-soft text-danger",
};

export function Badge({ tone = "neutral", children }: { readonly tone?: Tone; readonly children: ReactNode }) {
  return (
    <span className={cx("inline-flex items-center gap-1 rounded px-1.5 py-0.5 font-medium text-2xs", TONES[tone])}>
      {children}
    </span>
  );
}

export type TagColor = "GRAY" | "RED" | "ORANGE" | "YELLOW" | "GREEN" | "TEAL" | "BLUE" | "PURPLE" | "PINK";

const DOTS: Record<TagColor, string> = {
  GRAY: "bg-tag-gray",
  RED: "bg-tag-red",
  ORANGE: "bg-tag-orange",
  YELLOW: "bg-tag-yellow",
  GREEN: "bg-tag-green",
  TEAL: "bg-tag-teal",
  BLUE: "bg-tag-blue",
  PURPLE: "bg-tag-purple",
  PINK: "bg-tag-pink",
};

export function Dot({ color }: { readonly color: TagColor }) {
  return <span aria-hidden className={cx("size-2 shrink-0 rounded-full", DOTS[color])} />;
}

export function TagChip({ name, color }: { readonly name: string; readonly color: TagColor }) {
  return (
    <span className="inline-flex items-center gap-1.5 rounded-full border border-line px-2 py-0.5 text-2xs text-ink-muted">
      <Dot color={color} />
      {name}
    </span>
  );
}

const FACES = ["bg-tag-teal", "bg-tag-blue", "bg-tag-purple", "bg-tag-pink", "bg-tag-orange", "bg-tag-green"];

/** Somebody's initials, in a colour that is always theirs. */
export function Avatar({ name, size = 24 }: { readonly name: string; readonly size?: number }) {
  const letters = name
    .split(/\s+/)
    .filter(Boolean)
    .map((word) => word[0])
    .slice(0, 2)
    .join("")
    .toUpperCase();
  const face = FACES[[...name].reduce((sum, letter) => sum + (letter.codePointAt(0) ?? 0), 0) % FACES.length];
  return (
    <span
      aria-hidden
      className={cx("inline-flex shrink-0 items-center justify-center rounded-full font-semibold text-surface", face)}
      style={{ width: size, height: size, fontSize: size * 0.4 }}
    >
      {letters || "?"}
    </span>
  );
}

/** How long ago, kept up to date; the exact time is its tooltip. */
export function Ago({ at, className }: { readonly at: string; readonly className?: string }) {
  const format = useFormatter();
  const now = useNow({ updateInterval: 30_000 });
  const date = new Date(at);
  return (
    <time
      dateTime={at}
      title={format.dateTime(date, { dateStyle: "medium", timeStyle: "medium" })}
      className={className}
    >
      {now.getTime() - date.getTime() < 45_000 && now.getTime() >= date.getTime() - 45_000
        ? new Intl.RelativeTimeFormat(document.documentElement.lang, { numeric: "auto" }).format(0, "second")
        : format.relativeTime(date, now)}
    </time>
  );
}

/** A date, with its time if wanted. */
export function When({ at, withTime = false }: { readonly at: string; readonly withTime?: boolean }) {
  const format = useFormatter();
  const style = withTime ? ({ dateStyle: "medium", timeStyle: "short" } as const) : ({ dateStyle: "medium" } as const);
  return <time dateTime={at}>{format.dateTime(new Date(at), style)}</time>;
}
