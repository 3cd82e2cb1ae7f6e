import { ChartColumn as Icon } from "lucide-react";
import { useTranslations } from "use-intl";
import { EmptyState } from "~/components/Feedback";
import { Page } from "~/components/Page";

export default function Analytics() {
  const t = useTranslations("app.nav");
  return (
    <Page title={t("analytics")}>
      <EmptyState icon={Icon} title={t("analytics")} />
    </Page>
  );
}
