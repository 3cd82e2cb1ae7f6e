import { UserRound as Icon } from "lucide-react";
import { useTranslations } from "use-intl";
import { EmptyState } from "~/components/Feedback";
import { Page } from "~/components/Page";

export default function Account() {
  const t = useTranslations("app.nav");
  return (
    <Page title={t("settings")}>
      <EmptyState icon={Icon} title={t("settings")} />
    </Page>
  );
}
