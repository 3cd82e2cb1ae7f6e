import { Bot as Icon } from "lucide-react";
import { useTranslations } from "use-intl";
import { EmptyState } from "~/components/Feedback";
import { Page } from "~/components/Page";

export default function Assistant() {
  const t = useTranslations("app.nav");
  return (
    <Page title={t("assistant")}>
      <EmptyState icon={Icon} title={t("assistant")} />
    </Page>
  );
}
