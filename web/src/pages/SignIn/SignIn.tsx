/** The way in: password, then which organization and which code where that is needed. */
import { type FormEvent, useState } from "react";
import { useTranslations } from "use-intl";
import { useFreshStore } from "~/app/App";
import { Link, useNavigate, useSearchParams } from "~/app/navigation";
import { Button } from "~/components/Button";
import { Problem } from "~/components/Feedback";
import { TextField } from "~/components/Field";
import { post } from "~/session";

interface Answer {
  readonly organizations?: readonly { readonly slug: string; readonly name: string }[];
  readonly second_factor?: string;
}

export default function SignIn() {
  const t = useTranslations("signIn");
  const [answer, setAnswer] = useState<Answer>({});
  const [problem, setProblem] = useState<unknown>(null);
  const [isBusy, setBusy] = useState(false);
  const [credentials, setCredentials] = useState({ email: "", password: "" });
  const enter = useEntrance();
  const ask = async (path: string, body: object): Promise<void> => {
    setBusy(true);
    setProblem(null);
    try {
      const said = await post<Answer>(path, body);
      if (said.organizations || said.second_factor) setAnswer(said);
      else enter();
    } catch (error) {
      setProblem(error);
    } finally {
      setBusy(false);
    }
  };
  const signIn = (organization?: string): Promise<void> => ask("/auth/sign-in", { ...credentials, organization });
  return (
    <main className="flex min-h-dvh items-center justify-center bg-canvas p-4">
      <title>{`${t("title")}`}</title>
      <div className="flex w-full max-w-sm flex-col gap-5 rounded-xl border border-line bg-surface p-6 sm:p-8">
        <img src="/icon.svg" alt="" width={36} height={36} />
        <h1 className="font-semibold text-lg">{t("title")}</h1>
        {answer.second_factor ? (
          <SecondFactor
            isBusy={isBusy}
            onEnter={(code) => void ask("/auth/second-factor", { challenge: answer.second_factor, ...code })}
          />
        ) : answer.organizations ? (
          <Organizations of={answer.organizations} onChoose={(slug) => void signIn(slug)} />
        ) : (
          <Password value={credentials} onChange={setCredentials} isBusy={isBusy} onEnter={() => void signIn()} />
        )}
        <Problem of={problem} />
      </div>
    </main>
  );
}

interface PasswordProps {
  readonly value: { readonly email: string; readonly password: string };
  readonly onChange: (value: { email: string; password: string }) => void;
  readonly onEnter: () => void;
  readonly isBusy: boolean;
}

function Password({ value, onChange, onEnter, isBusy }: PasswordProps) {
  const t = useTranslations("signIn");
  return (
    <form onSubmit={submitting(onEnter)} className="flex flex-col gap-4">
      <TextField
        label={t("email")}
        type="email"
        name="email"
        autoComplete="username"
        autoFocus
        isRequired
        value={value.email}
        onChange={(email) => onChange({ ...value, email })}
      />
      <TextField
        label={t("password")}
        type="password"
        name="password"
        autoComplete="current-password"
        isRequired
        value={value.password}
        onChange={(password) => onChange({ ...value, password })}
      />
      <Button type="submit" look="primary" isBusy={isBusy}>
        {t("submit")}
      </Button>
      <Link to="/forgot-password" className="text-center text-accent-ink text-sm underline-offset-2 hover:underline">
        {t("forgot")}
      </Link>
    </form>
  );
}

interface OrganizationsProps {
  readonly of: NonNullable<Answer["organizations"]>;
  readonly onChoose: (slug: string) => void;
}

function Organizations({ of, onChoose }: OrganizationsProps) {
  const t = useTranslations("signIn");
  return (
    <div className="flex flex-col gap-2">
      <h2 className="font-medium">{t("organization")}</h2>
      {of.map((organization) => (
        <Button key={organization.slug} onPress={() => onChoose(organization.slug)}>
          {organization.name}
        </Button>
      ))}
    </div>
  );
}

interface SecondFactorProps {
  readonly onEnter: (code: { code: string } | { recovery_code: string }) => void;
  readonly isBusy: boolean;
}

function SecondFactor({ onEnter, isBusy }: SecondFactorProps) {
  const t = useTranslations("signIn");
  const [isRecovery, setRecovery] = useState(false);
  const [code, setCode] = useState("");
  return (
    <form
      onSubmit={submitting(() => onEnter(isRecovery ? { recovery_code: code } : { code }))}
      className="flex flex-col gap-4"
    >
      <TextField
        label={t(isRecovery ? "recoveryCode" : "code")}
        hint={isRecovery ? undefined : t("codeHint")}
        autoComplete="one-time-code"
        inputMode={isRecovery ? "text" : "numeric"}
        autoFocus
        isRequired
        value={code}
        onChange={setCode}
      />
      <Button type="submit" look="primary" isBusy={isBusy}>
        {t("verify")}
      </Button>
      <Button look="quiet" onPress={() => setRecovery(!isRecovery)}>
        {t(isRecovery ? "useCode" : "recovery")}
      </Button>
    </form>
  );
}

/** Go where somebody wanted to go; only to a path of ours. */
function useEntrance(): () => void {
  const [search] = useSearchParams();
  const navigate = useNavigate();
  const fresh = useFreshStore();
  return () => {
    const next = search.get("next") ?? "/";
    fresh();
    navigate(/^\/(?!\/|\\)/.test(next) ? next : "/", { replace: true });
  };
}

function submitting(act: () => void): (event: FormEvent) => void {
  return (event) => {
    event.preventDefault();
    act();
  };
}
