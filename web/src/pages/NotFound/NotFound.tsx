/** What is shown where nothing is. */
import { SearchX } from "lucide-react";
import { useTranslations } from "use-intl";
import { EmptyState } from "~/components/Feedback";
import { Page } from "~/components/Page";

export default function NotFound() {
  const t = useTranslations("app.state");
  return (
    <Page title={t("notFound")}>
      <EmptyState icon={SearchX} title={t("notFound")} hint={t("notFoundHint")} />
    </Page>
  );
}
