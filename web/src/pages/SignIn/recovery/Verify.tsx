/** Showing that an e-mail address is one's own: by the link of the mail and the password chosen at sign-up. */
import { useState } from "react";
import { useTranslations } from "use-intl";
import { Button } from "~/components/Button";
import { TextField } from "~/components/Field";
import { Done, Door, DoorForm, DoorLink } from "../frame/Door";
import { usePosting, useToken } from "../frame/posting";
import { IncompleteLink } from "./ResetPassword";

export function Verify() {
  const t = useTranslations("signIn");
  const { ask, isBusy, problem, of } = usePosting();
  const [password, setPassword] = useState("");
  const [isDone, setDone] = useState(false);
  const token = useToken();
  const confirm = async (): Promise<void> => {
    if (await ask("/auth/verify", { token, password })) setDone(true);
  };
  if (isDone) {
    return (
      <Done title={t("verification.done")} hint={t("verification.doneHint")}>
        <DoorLink to="/sign-in?next=/start">{t("toSignIn")}</DoorLink>
      </Done>
    );
  }
  if (!token) return <IncompleteLink title={t("verification.title")} />;
  return (
    <Door title={t("verification.title")} about={t("verification.about")} problem={problem}>
      <DoorForm onSubmit={() => void confirm()}>
        <TextField
          label={t("password")}
          type="password"
          name="password"
          autoComplete="current-password"
          autoFocus
          isRequired
          problem={of("password")}
          value={password}
          onChange={setPassword}
        />
        <Button type="submit" look="primary" isBusy={isBusy}>
          {t("verification.submit")}
        </Button>
      </DoorForm>
      <DoorLink to="/forgot-password">{t("forgot")}</DoorLink>
    </Door>
  );
}
