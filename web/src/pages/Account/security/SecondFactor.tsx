/** Whether one is asked for a code of an app too, and setting that up. */
import { lazy, Suspense, useState } from "react";
import { graphql, useFragment } from "react-relay";
import { useTranslations } from "use-intl";
import type { SecondFactor_person$key } from "~/__generated__/SecondFactor_person.graphql";
import { Badge } from "~/components/Badge";
import { Button } from "~/components/Button";
import { Section } from "~/components/Page";

const EnableDialog = lazy(() => import("./EnableDialog"));
const DisableDialog = lazy(() => import("./DisableDialog"));
const RenewDialog = lazy(() => import("./RenewDialog"));

export function SecondFactor({ person }: { readonly person: SecondFactor_person$key }) {
  const t = useTranslations("account.factor");
  const [open, setOpen] = useState<"enable" | "disable" | "renew" | null>(null);
  const close = (): void => setOpen(null);
  const { secondFactorEnabled: isOn } = useFragment(
    graphql`
      fragment SecondFactor_person on Person {
        secondFactorEnabled
      }
    `,
    person,
  );
  const actions = isOn ? (
    <>
      <Button onPress={() => setOpen("renew")}>{t("renew")}</Button>
      <Button onPress={() => setOpen("disable")}>{t("disable")}</Button>
    </>
  ) : (
    <Button onPress={() => setOpen("enable")}>{t("enable")}</Button>
  );
  return (
    <Section title={t("title")} about={t("about")} actions={actions}>
      <Badge tone={isOn ? "success" : "neutral"}>{t(isOn ? "on" : "off")}</Badge>
      <Suspense>
        {open === "enable" && <EnableDialog onClose={close} />}
        {open === "disable" && <DisableDialog onClose={close} />}
        {open === "renew" && <RenewDialog onClose={close} />}
      </Suspense>
    </Section>
  );
}
