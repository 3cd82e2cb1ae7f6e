import { Users as Icon } from "lucide-react";
import { useTranslations } from "use-intl";
import { EmptyState } from "~/components/Feedback";
import { Page } from "~/components/Page";

export default function Customers() {
  const t = useTranslations("app.nav");
  return (
    <Page title={t("customers")}>
      <EmptyState icon={Icon} title={t("customers")} />
    </Page>
  );
}
