/** One suite: its runs with what came of them, two of them side by side, and its test cases. */
import { ChevronLeft, ListChecks } from "lucide-react";
import { useCallback, useState } from "react";
import { graphql, useLazyLoadQuery } from "react-relay";
import { useTranslations } from "use-intl";
import type { SuiteQuery } from "~/__generated__/SuiteQuery.graphql";
import { Link } from "~/app/navigation";
import { Badge } from "~/components/Badge";
import { EmptyState } from "~/components/Feedback";
import { Page } from "~/components/Page";
import { Cases } from "./Cases";
import { Runs } from "./Runs";
import { SuiteActs } from "./SuiteActs";

export function Suite({ id }: { readonly id: string }) {
  const t = useTranslations("assistant.suites");
  const [asked, setAsked] = useState(0);
  const reload = useCallback(() => setAsked((times) => times + 1), []);
  const { suite } = useLazyLoadQuery<SuiteQuery>(
    graphql`
      query SuiteQuery($id: ID!) {
        suite(id: $id) {
          id
          name
          isGate
          caseCount
          trialsPerCase
          ...SuiteActs_suite
          ...Runs_suite
          ...Cases_suite
        }
      }
    `,
    { id },
    { fetchPolicy: "store-and-network", fetchKey: asked },
  );
  if (!suite) return <EmptyState icon={ListChecks} title={t("gone")} hint={t("goneHint")} />;
  return (
    <Page
      title={suite.name}
      about={t("size", { cases: suite.caseCount, trials: suite.trialsPerCase })}
      actions={<SuiteActs suite={suite} onChange={reload} />}
    >
      <p className="-mt-3 flex items-center gap-3">
        <Link to="/assistant/suites" className="inline-flex items-center gap-1 text-ink-muted text-sm hover:underline">
          <ChevronLeft size={14} aria-hidden className="rtl:rotate-180" />
          {t("title")}
        </Link>
        {suite.isGate && <Badge tone="accent">{t("gate")}</Badge>}
      </p>
      <Runs suite={suite} />
      <Cases suite={suite} onChange={reload} />
    </Page>
  );
}
