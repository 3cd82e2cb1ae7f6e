/** What customers said of us, one by one. */
import { useTranslations } from "use-intl";
import { Page } from "~/components/Page";
import { Ratings } from "./Ratings";

export default function Satisfaction() {
  const t = useTranslations("analytics");
  return (
    <Page title={t("places.ratings")}>
      <Ratings />
    </Page>
  );
}
