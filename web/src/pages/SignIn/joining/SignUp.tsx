/** Founding an organization, where whoever runs the server lets strangers do that. */
import { useEffect, useState } from "react";
import { useTranslations } from "use-intl";
import { Button } from "~/components/Button";
import { TextField } from "~/components/Field";
import { get } from "~/session";
import { Done, Door, DoorForm, DoorLink } from "../frame/Door";
import { NewPassword } from "../frame/NewPassword";
import { usePosting } from "../frame/posting";
import type { Ways } from "../ways";
import { slugOf } from "./slug";

export function SignUp() {
  const t = useTranslations("signIn");
  const [isOpen, setOpen] = useState(true);
  const [sentTo, setSentTo] = useState("");
  useEffect(() => {
    get<Ways>("/auth/ways").then(
      (ways) => setOpen(ways.sign_up),
      () => setOpen(true),
    );
  }, []);
  if (!isOpen) return <Done title={t("signUp.off")} hint={t("signUp.offHint")} />;
  if (sentTo) return <Done title={t("signUp.sent")} hint={t("signUp.sentHint", { email: sentTo })} />;
  return <Founding onSent={setSentTo} />;
}

const NOBODY = { name: "", email: "", organization: "", slug: "", password: "" };

function Founding({ onSent }: { readonly onSent: (email: string) => void }) {
  const t = useTranslations("signIn");
  const { ask, isBusy, problem, of } = usePosting();
  const [founder, setFounder] = useState(NOBODY);
  const [isSlugChosen, setSlugChosen] = useState(false);
  const change = (part: Partial<typeof NOBODY>): void => setFounder({ ...founder, ...part });
  const send = async (): Promise<void> => {
    if (await ask("/auth/sign-up", founder)) onSent(founder.email);
  };
  const shared = (name: "name" | "email" | "organization") => ({
    isRequired: true,
    value: founder[name],
    problem: of(name),
  });
  return (
    <Door title={t("signUp.title")} about={t("signUp.about")} problem={problem}>
      <DoorForm onSubmit={() => void send()}>
        <TextField
          {...shared("organization")}
          label={t("signUp.organization")}
          autoComplete="organization"
          autoFocus
          onChange={(organization) => change({ organization, ...(!isSlugChosen && { slug: slugOf(organization) }) })}
        />
        <TextField
          label={t("signUp.slug")}
          hint={t("signUp.slugHint")}
          isRequired
          value={founder.slug}
          problem={of("slug")}
          onChange={(slug) => {
            setSlugChosen(true);
            change({ slug });
          }}
        />
        <TextField
          {...shared("name")}
          label={t("signUp.name")}
          autoComplete="name"
          onChange={(name) => change({ name })}
        />
        <TextField
          {...shared("email")}
          label={t("email")}
          type="email"
          autoComplete="username"
          onChange={(email) => change({ email })}
        />
        <NewPassword value={founder.password} onChange={(password) => change({ password })} problem={of("password")} />
        <Button type="submit" look="primary" isBusy={isBusy}>
          {t("signUp.submit")}
        </Button>
      </DoorForm>
      <DoorLink to="/sign-in">{t("forgotten.back")}</DoorLink>
    </Door>
  );
}
