/** Asking for a link by which one chooses a new password; the answer is the same for every address. */
import { useState } from "react";
import { useTranslations } from "use-intl";
import { Button } from "~/components/Button";
import { TextField } from "~/components/Field";
import { Done, Door, DoorForm, DoorLink } from "../frame/Door";
import { usePosting } from "../frame/posting";

export function ForgotPassword() {
  const t = useTranslations("signIn");
  const { ask, isBusy, problem, of } = usePosting();
  const [email, setEmail] = useState("");
  const [isSent, setSent] = useState(false);
  const send = async (): Promise<void> => {
    if (await ask("/auth/forgot-password", { email })) setSent(true);
  };
  if (isSent) return <Done title={t("forgotten.sent")} hint={t("forgotten.sentHint", { email })} />;
  return (
    <Door title={t("forgotten.title")} about={t("forgotten.about")} problem={problem}>
      <DoorForm onSubmit={() => void send()}>
        <TextField
          label={t("email")}
          type="email"
          name="email"
          autoComplete="username"
          autoFocus
          isRequired
          problem={of("email")}
          value={email}
          onChange={setEmail}
        />
        <Button type="submit" look="primary" isBusy={isBusy}>
          {t("forgotten.submit")}
        </Button>
      </DoorForm>
      <DoorLink to="/sign-in">{t("forgotten.back")}</DoorLink>
    </Door>
  );
}
