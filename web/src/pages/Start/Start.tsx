import { Rocket as Icon } from "lucide-react";
import { useTranslations } from "use-intl";
import { EmptyState } from "~/components/Feedback";
import { Page } from "~/components/Page";

export default function Start() {
  const t = useTranslations("app.nav");
  return (
    <Page title={t("start")}>
      <EmptyState icon={Icon} title={t("start")} />
    </Page>
  );
}
