import { BookOpen as Icon } from "lucide-react";
import { useTranslations } from "use-intl";
import { EmptyState } from "~/components/Feedback";
import { Page } from "~/components/Page";

export default function Knowledge() {
  const t = useTranslations("app.nav");
  return (
    <Page title={t("knowledge")}>
      <EmptyState icon={Icon} title={t("knowledge")} />
    </Page>
  );
}
