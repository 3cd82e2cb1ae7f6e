/** How it is at this moment: how full one's views are. */
import { useTranslations } from "use-intl";
import { Page } from "~/components/Page";
import { ViewCounts } from "./ViewCounts";

export default function Now() {
  const t = useTranslations("analytics");
  return (
    <Page title={t("places.now")} about={t("now.about")}>
      <ViewCounts />
    </Page>
  );
}
