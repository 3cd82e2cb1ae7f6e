/** The question for the password, so that who finds an open browser changes no way in. */
import { useState } from "react";
import { useTranslations } from "use-intl";
import { Refusal } from "~/changes";
import { Button } from "~/components/Button";
import { Problem } from "~/components/Feedback";
import { TextField } from "~/components/Field";

interface PasswordFormProps {
  readonly submit: string;
  readonly isBusy: boolean;
  readonly isDanger?: boolean;
  /** Raises what is wrong with the password. */
  readonly onSubmit: (password: string) => Promise<unknown>;
}

export function PasswordForm({ submit, isBusy, isDanger = false, onSubmit }: PasswordFormProps) {
  const t = useTranslations("account.factor");
  const [password, setPassword] = useState("");
  const [problem, setProblem] = useState<unknown>(null);
  const of = problem instanceof Refusal ? problem.of("password") : undefined;
  const send = (): void => {
    setProblem(null);
    onSubmit(password).catch(setProblem);
  };
  return (
    <form
      className="flex flex-col gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <TextField
        label={t("password")}
        type="password"
        autoComplete="current-password"
        autoFocus
        isRequired
        value={password}
        onChange={setPassword}
        problem={of}
      />
      {!of && <Problem of={problem} />}
      <Button type="submit" look={isDanger ? "danger" : "primary"} isBusy={isBusy}>
        {submit}
      </Button>
    </form>
  );
}
