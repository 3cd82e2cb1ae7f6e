/** What a page says of itself: loading, empty, failed; and words about one thing that went wrong. */
import { AlertTriangle, CheckCircle2, Info, type LucideIcon } from "lucide-react";
import { Component, type ReactNode } from "react";
import { useTranslations } from "use-intl";
import { Refusal } from "~/changes";
import { NetworkError } from "~/graphql";
import { Button } from "./Button";
import { cx } from "./style";

interface EmptyStateProps {
  readonly icon: LucideIcon;
  readonly title: string;
  /** What to do about it. */
  readonly hint?: string;
  /** Buttons that do it. */
  readonly children?: ReactNode;
}

export function EmptyState({ icon: Icon, title, hint, children }: EmptyStateProps) {
  return (
    <div className="flex flex-col items-center justify-center gap-2 px-6 py-16 text-center">
      <Icon size={28} aria-hidden className="mb-1 text-ink-faint" strokeWidth={1.5} />
      <p className="font-medium">{title}</p>
      {hint && <p className="max-w-sm text-ink-muted">{hint}</p>}
      {children && <div className="mt-3 flex flex-wrap justify-center gap-2">{children}</div>}
    </div>
  );
}

/** Grey lines where words will be; read out as loading. */
export function Skeleton({ lines = 3, className }: { readonly lines?: number; readonly className?: string }) {
  const t = useTranslations("app.state");
  return (
    <div role="status" aria-label={t("loading")} className={cx("flex flex-col gap-2.5", className)}>
      {Array.from({ length: lines }, (_, line) => (
        <div
          key={line}
          className="h-3.5 animate-pulse-soft rounded bg-pressed"
          style={{ width: `${90 - ((line * 17) % 40)}%` }}
        />
      ))}
    </div>
  );
}

type Tone = "info" | "success" | "warning" | "danger";
const TONES: Record<Tone, { icon: LucideIcon; look: string }> = {
  info: { icon: Info, look: "bg-accent-soft text-accent-ink" },
  success: { icon: CheckCircle2, look: "bg-success-soft text-success" },
  warning: { icon: AlertTriangle, look: "bg-warning-soft text-warning" },
  danger: { icon: AlertTriangle, look: "bg-danger-soft text-danger" },
};

interface NoticeProps {
  readonly tone?: Tone;
  readonly children: ReactNode;
  readonly className?: string;
}

/** Some words that stand out, inside a page. */
export function Notice({ tone = "info", children, className }: NoticeProps) {
  const { icon: Icon, look } = TONES[tone];
  return (
    <div
      role={tone === "danger" ? "alert" : "note"}
      className={cx("flex items-start gap-2 rounded-md px-3 py-2 text-sm", look, className)}
    >
      <Icon size={16} aria-hidden className="mt-0.5 shrink-0" />
      <div className="min-w-0 flex-1">{children}</div>
    </div>
  );
}

/** What went wrong, in the words of whoever refused, but for what stands at a field; nothing while nothing did. */
export function Problem({ of: error }: { readonly of: unknown }) {
  const t = useTranslations("app.state");
  if (!error) return null;
  const isUnreachable = error instanceof NetworkError && error.code === "UNREACHABLE";
  const lines = isUnreachable ? [t("unreachable")] : error instanceof Error ? linesOf(error) : [t("failed")];
  if (lines.length === 0) return null;
  return (
    <Notice tone="danger">
      {lines.map((line) => (
        <p key={line}>{line}</p>
      ))}
    </Notice>
  );
}

function linesOf(error: Error): readonly string[] {
  return error instanceof Refusal ? error.rest : [error.message];
}

interface BoundaryProps {
  readonly children: ReactNode;
  /** Another value shows the children again. */
  readonly resetKey?: string;
  /** Shows nothing where it failed: for what nobody came for. */
  readonly isSilent?: boolean;
}

/** Keeps what failed to one part of the page, and lets it be tried again. */
export class Boundary extends Component<BoundaryProps, { error: unknown }> {
  override state = { error: null };

  static getDerivedStateFromError(error: unknown) {
    return { error };
  }

  override componentDidUpdate(before: BoundaryProps) {
    if (before.resetKey !== this.props.resetKey && this.state.error) this.setState({ error: null });
  }

  override render() {
    if (!this.state.error) return this.props.children;
    if (this.props.isSilent) return null;
    return <Failure error={this.state.error} onRetry={() => this.setState({ error: null })} />;
  }
}

function Failure({ error, onRetry }: { readonly error: unknown; readonly onRetry: () => void }) {
  const t = useTranslations("app");
  const code = error instanceof NetworkError ? error.code : "";
  const kind = code === "FORBIDDEN" ? "forbidden" : code === "NOT_FOUND" ? "notFound" : "pageFailed";
  const traceId = error instanceof NetworkError ? (error.traceId ?? "–") : "–";
  const hint = code === "UNREACHABLE" ? t("state.unreachable") : t(`state.${kind}Hint`, { traceId });
  return (
    <div role="alert" className="h-full">
      <EmptyState icon={AlertTriangle} title={t(`state.${kind}`)} hint={hint}>
        {kind === "pageFailed" && <Button onPress={onRetry}>{t("act.retry")}</Button>}
      </EmptyState>
    </div>
  );
}
