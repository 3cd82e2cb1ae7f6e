import { ListOrdered as Icon } from "lucide-react";
import { useTranslations } from "use-intl";
import { EmptyState } from "~/components/Feedback";
import { Page } from "~/components/Page";

export default function Queue() {
  const t = useTranslations("app.nav");
  return (
    <Page title={t("queue")}>
      <EmptyState icon={Icon} title={t("queue")} />
    </Page>
  );
}
