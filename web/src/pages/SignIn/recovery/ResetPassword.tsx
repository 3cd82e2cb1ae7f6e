/** Choosing a new password by the link of a mail. */
import { useState } from "react";
import { useTranslations } from "use-intl";
import { Button } from "~/components/Button";
import { Done, Door, DoorForm, DoorLink } from "../frame/Door";
import { NewPassword } from "../frame/NewPassword";
import { usePosting, useToken } from "../frame/posting";

export function ResetPassword() {
  const t = useTranslations("signIn");
  const { ask, isBusy, problem, of } = usePosting();
  const [password, setPassword] = useState("");
  const [isDone, setDone] = useState(false);
  const token = useToken();
  const save = async (): Promise<void> => {
    if (await ask("/auth/reset-password", { token, password })) setDone(true);
  };
  if (isDone) return <Done title={t("reset.done")} hint={t("reset.doneHint")} />;
  if (!token) return <IncompleteLink title={t("reset.title")} />;
  return (
    <Door title={t("reset.title")} about={t("reset.about")} problem={problem}>
      <DoorForm onSubmit={() => void save()}>
        <NewPassword
          label={t("newPassword")}
          value={password}
          onChange={setPassword}
          problem={of("password")}
          autoFocus
        />
        <Button type="submit" look="primary" isBusy={isBusy}>
          {t("reset.submit")}
        </Button>
      </DoorForm>
      <DoorLink to="/forgot-password">{t("reset.again")}</DoorLink>
    </Door>
  );
}

/** A link whose end got lost on its way from the mail. */
export function IncompleteLink({ title }: { readonly title: string }) {
  const t = useTranslations("signIn");
  return (
    <Door title={title} problem={t("reset.incomplete")}>
      <DoorLink to="/forgot-password">{t("reset.again")}</DoorLink>
      <DoorLink to="/sign-in">{t("forgotten.back")}</DoorLink>
    </Door>
  );
}
