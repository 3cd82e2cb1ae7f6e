/** What can be counted today, and the rows behind each count: how customers rated us, how full our views are, what models cost. */
import { useTranslations } from "use-intl";
import { useMay } from "~/app/viewer";
import { ButtonLink } from "~/components/Button";
import { Notice } from "~/components/Feedback";
import { Page, Section } from "~/components/Page";
import { Ratings } from "./Ratings";
import { ViewCounts } from "./ViewCounts";

export default function Analytics() {
  const t = useTranslations("analytics");
  const mayRead = useMay("READ_CONVERSATIONS");
  const mayReadCosts = useMay("READ_ASSISTANT");
  return (
    <Page title={t("title")} about={t("about")}>
      <Notice>{t("soon")}</Notice>
      {mayRead && <Ratings />}
      {mayRead && <ViewCounts />}
      {mayReadCosts && (
        <Section title={t("costs")} about={t("costsHint")}>
          <ButtonLink to="/assistant/spending">{t("toCosts")}</ButtonLink>
        </Section>
      )}
    </Page>
  );
}
