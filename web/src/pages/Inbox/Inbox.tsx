/** The inbox. */
import { Inbox as InboxIcon } from "lucide-react";
import { useTranslations } from "use-intl";
import { EmptyState } from "~/components/Feedback";
import { Page } from "~/components/Page";

export default function Inbox() {
  const t = useTranslations("app.nav");
  return (
    <Page title={t("inbox")}>
      <EmptyState icon={InboxIcon} title={t("inbox")} />
    </Page>
  );
}
