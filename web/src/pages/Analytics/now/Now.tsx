/** How it is at this moment: today's counts, the queue, who is there, and how full one's views are. */
import { useTranslations } from "use-intl";
import { useMay } from "~/app/viewer";
import { Page } from "~/components/Page";
import { Explaining } from "../detail/Explaining";
import { Live } from "./Live";
import { ViewCounts } from "./ViewCounts";

export default function Now() {
  const t = useTranslations("analytics");
  const mayRead = useMay("READ_CONVERSATIONS");
  return (
    <Explaining>
      <Page title={t("places.now")} about={t("live.about")} width="wide">
        <Live />
        {mayRead && <ViewCounts />}
      </Page>
    </Explaining>
  );
}
