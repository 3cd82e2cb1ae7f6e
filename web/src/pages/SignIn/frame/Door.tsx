/** What all pages before the shell share: a card with a title, words on top of what failed, and the language beneath. */
import type { FormEvent, ReactNode } from "react";
import { Button as AriaButton } from "react-aria-components";
import { useTranslations } from "use-intl";
import { Link } from "~/app/navigation";
import { Notice, Problem } from "~/components/Feedback";
import { LANGUAGES, type Language } from "~/messages";
import { usePreferences } from "~/preferences";

interface DoorProps {
  readonly title: string;
  readonly about?: string;
  /** What went wrong: an error, or words of ours. */
  readonly problem?: unknown;
  readonly children?: ReactNode;
}

export function Door({ title, about, problem, children }: DoorProps) {
  return (
    <main className="flex min-h-dvh flex-col items-center justify-center gap-4 bg-canvas p-4">
      <title>{title}</title>
      <div className="flex w-full max-w-sm flex-col gap-5 rounded-xl border border-line bg-surface p-6 sm:p-8">
        <img src="/icon.svg" alt="" width={36} height={36} />
        <div>
          <h1 className="font-semibold text-lg">{title}</h1>
          {about && <p className="mt-1 text-ink-muted">{about}</p>}
        </div>
        {typeof problem === "string" ? <Notice tone="danger">{problem}</Notice> : <Problem of={problem} />}
        {children}
      </div>
      <Languages />
    </main>
  );
}

function Languages() {
  const t = useTranslations("signIn");
  const { choose, language } = usePreferences();
  return (
    <fieldset className="flex gap-1" aria-label={t("language")}>
      {(Object.keys(LANGUAGES) as Language[]).map((one) => (
        <AriaButton
          key={one}
          aria-pressed={one === language}
          onPress={() => choose({ language: one })}
          className="min-h-6 rounded px-2 text-ink-faint text-xs aria-pressed:font-medium aria-pressed:text-ink hover:text-ink"
        >
          {LANGUAGES[one]}
        </AriaButton>
      ))}
    </fieldset>
  );
}

interface DoorLinkProps {
  readonly to: string;
  readonly children: ReactNode;
}

export function DoorLink({ to, children }: DoorLinkProps) {
  return (
    <Link to={to} className="text-center text-accent-ink text-sm underline-offset-2 hover:underline">
      {children}
    </Link>
  );
}

interface FormProps {
  readonly onSubmit: () => void;
  readonly children: ReactNode;
}

export function DoorForm({ onSubmit, children }: FormProps) {
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    onSubmit();
  };
  return (
    <form onSubmit={submit} className="flex flex-col gap-4">
      {children}
    </form>
  );
}

interface DoneProps {
  readonly title: string;
  readonly hint: string;
  readonly children?: ReactNode;
}

/** It worked: what comes next. */
export function Done({ title, hint, children }: DoneProps) {
  const t = useTranslations("signIn");
  return (
    <Door title={title}>
      <p role="status" className="text-ink-muted">
        {hint}
      </p>
      {children ?? <DoorLink to="/sign-in">{t("toSignIn")}</DoorLink>}
    </Door>
  );
}
