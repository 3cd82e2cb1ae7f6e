/** The way in: password, then which organization and which code where that is needed; or the organization's own sign-in. */
import { useState } from "react";
import { useTranslations } from "use-intl";
import { useSearchParams } from "~/app/navigation";
import { Button } from "~/components/Button";
import { TextField } from "~/components/Field";
import { Door, DoorForm, DoorLink } from "./frame/Door";
import { useEntrance, usePosting } from "./frame/posting";
import { Providers } from "./Providers";
import { SecondFactor } from "./SecondFactor";
import { useWays } from "./ways";

interface Answer {
  readonly organizations?: readonly { readonly slug: string; readonly name: string }[];
  readonly second_factor?: string;
}

export function PasswordDoor() {
  const t = useTranslations("signIn");
  const { ask, isBusy, problem, of } = usePosting();
  const [answer, setAnswer] = useState<Answer>({});
  const [credentials, setCredentials] = useState({ email: "", password: "" });
  const enter = useEntrance();
  const returned = useReturned();
  const signIn = async (path: string, body: object): Promise<void> => {
    const said = await ask<Answer>(path, body);
    if (said?.organizations || said?.second_factor) setAnswer(said);
    else if (said) enter();
  };
  if (answer.second_factor) {
    return (
      <Door title={t("secondFactor")} problem={problem}>
        <SecondFactor
          isBusy={isBusy}
          onEnter={(code) => void signIn("/auth/second-factor", { challenge: answer.second_factor, ...code })}
          onStartOver={() => setAnswer({})}
        />
      </Door>
    );
  }
  if (answer.organizations) {
    return (
      <Door title={t("organization")} problem={problem}>
        {answer.organizations.map(({ slug, name }) => (
          <Button
            key={slug}
            isDisabled={isBusy}
            onPress={() => void signIn("/auth/sign-in", { ...credentials, organization: slug })}
          >
            {name}
          </Button>
        ))}
      </Door>
    );
  }
  return (
    <Door title={t("title")} problem={problem ?? returned}>
      <Ways
        password={
          <PasswordForm
            value={credentials}
            problem={of("email")}
            onChange={setCredentials}
            isBusy={isBusy}
            onEnter={() => void signIn("/auth/sign-in", credentials)}
          />
        }
      />
    </Door>
  );
}

/** What is offered depends on the organization, as far as it is known before anybody has signed in. */
function Ways({ password }: { readonly password: React.ReactNode }) {
  const t = useTranslations("signIn");
  const { ways, find, forget } = useWays();
  return (
    <>
      {ways.password ? password : <p className="text-ink-muted">{t("passwordsOff")}</p>}
      <Providers ways={ways} onFind={find} isSeparate={ways.password} />
      {!ways.password && (
        <Button look="quiet" onPress={forget}>
          {t("anotherWay")}
        </Button>
      )}
      {ways.sign_up && <DoorLink to="/sign-up">{t("signUp.link")}</DoorLink>}
    </>
  );
}

/** What came of a provider that sent somebody back. */
function useReturned(): string | null {
  const t = useTranslations("signIn.problems");
  const [search] = useSearchParams();
  const code = search.get("problem");
  if (!code) return null;
  return code === "FORBIDDEN" || code === "PROVIDER_ERROR" || code === "NOT_FOUND" ? t(code) : t("other");
}

interface PasswordProps {
  readonly value: { readonly email: string; readonly password: string };
  readonly problem?: string;
  readonly onChange: (value: { email: string; password: string }) => void;
  readonly onEnter: () => void;
  readonly isBusy: boolean;
}

function PasswordForm({ value, problem, onChange, onEnter, isBusy }: PasswordProps) {
  const t = useTranslations("signIn");
  return (
    <DoorForm onSubmit={onEnter}>
      <TextField
        label={t("email")}
        type="email"
        name="email"
        autoComplete="username"
        autoFocus
        isRequired
        value={value.email}
        problem={problem}
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
      <DoorLink to="/forgot-password">{t("forgot")}</DoorLink>
    </DoorForm>
  );
}
