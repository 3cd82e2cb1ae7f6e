/** Coming to work somewhere, by the link of an invitation: as somebody new, or with the account that one has. */
import { useState } from "react";
import { useTranslations } from "use-intl";
import { Button } from "~/components/Button";
import { RadioGroup } from "~/components/Choice";
import { TextField } from "~/components/Field";
import { Done, Door, DoorForm, DoorLink } from "../frame/Door";
import { NewPassword } from "../frame/NewPassword";
import { useEntrance, usePosting, useToken } from "../frame/posting";
import { IncompleteLink } from "../recovery/ResetPassword";

type Who = "isNew" | "known";

export function AcceptInvitation() {
  const t = useTranslations("signIn");
  const { ask, isBusy, problem, of } = usePosting();
  const [who, setWho] = useState<Who>("isNew");
  const [name, setName] = useState("");
  const [password, setPassword] = useState("");
  const [isJoined, setJoined] = useState(false);
  const token = useToken();
  const enter = useEntrance();
  const join = async (): Promise<void> => {
    const about = who === "isNew" ? { name: name.trim(), password } : {};
    const answer = await ask<{ sign_in?: boolean }>("/auth/accept-invitation", { token, ...about });
    if (answer?.sign_in) setJoined(true);
    else if (answer) enter();
  };
  if (isJoined) return <Done title={t("invitation.joined")} hint={t("invitation.joinedHint")} />;
  if (!token) return <IncompleteLink title={t("invitation.title")} />;
  // Somebody who says that they have an account and has none is told so by what is wrong with the password.
  const missing = who === "known" ? of("password") : undefined;
  return (
    <Door title={t("invitation.title")} about={t("invitation.about")} problem={problem ?? missing}>
      <DoorForm onSubmit={() => void join()}>
        <RadioGroup
          label={t("invitation.who")}
          value={who}
          onChange={setWho}
          choices={[
            { id: "isNew", label: t("invitation.isNew"), hint: t("invitation.isNewHint") },
            { id: "known", label: t("invitation.known"), hint: t("invitation.knownHint") },
          ]}
        />
        {who === "isNew" && (
          <>
            <TextField
              label={t("invitation.name")}
              hint={t("invitation.nameHint")}
              autoComplete="name"
              problem={of("name")}
              value={name}
              onChange={setName}
            />
            <NewPassword value={password} onChange={setPassword} problem={of("password")} />
          </>
        )}
        <Button type="submit" look="primary" isBusy={isBusy}>
          {t("invitation.submit")}
        </Button>
      </DoorForm>
      <DoorLink to="/sign-in">{t("forgotten.back")}</DoorLink>
    </Door>
  );
}
