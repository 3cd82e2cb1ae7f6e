/** Rules of the automation: the list, the editor of one, and the log of what they did. */
import { Suspense } from "react";
import { useTranslations } from "use-intl";
import { Route, Switch, useNavigate, usePath } from "~/app/navigation";
import { ButtonLink } from "~/components/Button";
import { Skeleton } from "~/components/Feedback";
import { Page } from "~/components/Page";
import { Tabs } from "~/components/Tabs";
import { AUTOMATION } from "./place";
import { RuleEditor } from "./RuleEditor";
import { RuleList } from "./RuleList";
import { Runs } from "./Runs";

export default function Rules() {
  return (
    <Switch>
      <Route path={AUTOMATION} component={Overview} />
      <Route path={`${AUTOMATION}/runs`} component={Overview} />
      <Route path={`${AUTOMATION}/new`}>
        <RuleEditor id={null} />
      </Route>
      <Route path={`${AUTOMATION}/:id`}>{({ id }) => <RuleEditor key={id} id={decodeURIComponent(id)} />}</Route>
    </Switch>
  );
}

function Overview() {
  const t = useTranslations("automation");
  const navigate = useNavigate();
  const isLog = usePath().endsWith("/runs");
  const create = (
    <ButtonLink look="primary" to={`${AUTOMATION}/new`}>
      {t("create")}
    </ButtonLink>
  );
  return (
    <Page title={t("title")} about={t("about")} actions={create}>
      <Tabs
        label={t("title")}
        selected={isLog ? "runs" : "rules"}
        onSelect={(id) => navigate(id === "runs" ? `${AUTOMATION}/runs` : AUTOMATION)}
        tabs={[
          { id: "rules", label: t("rules"), content: <RuleList /> },
          {
            id: "runs",
            label: t("log"),
            content: (
              <Suspense fallback={<Skeleton lines={6} />}>
                <Runs />
              </Suspense>
            ),
          },
        ]}
      />
    </Page>
  );
}
