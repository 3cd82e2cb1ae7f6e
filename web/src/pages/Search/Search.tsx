import { Search as Icon } from "lucide-react";
import { useTranslations } from "use-intl";
import { EmptyState } from "~/components/Feedback";
import { Page } from "~/components/Page";

export default function Search() {
  const t = useTranslations("app.nav");
  return (
    <Page title={t("inbox")}>
      <EmptyState icon={Icon} title={t("inbox")} />
    </Page>
  );
}
