/** Surveys: whether and when customers are asked how it went, and what they said. */
import { Star } from "lucide-react";
import { useState } from "react";
import { graphql, useFragment, useLazyLoadQuery, usePaginationFragment } from "react-relay";
import { useTranslations } from "use-intl";
import type { Surveys_answers$data, Surveys_answers$key } from "~/__generated__/Surveys_answers.graphql";
import type { Surveys_settings$key } from "~/__generated__/Surveys_settings.graphql";
import type { SurveysPaginationQuery } from "~/__generated__/SurveysPaginationQuery.graphql";
import type { SurveysQuery } from "~/__generated__/SurveysQuery.graphql";
import type { SurveysSettingsMutation } from "~/__generated__/SurveysSettingsMutation.graphql";
import { useMay } from "~/app/viewer";
import { useChange } from "~/changes";
import { Ago, Badge } from "~/components/Badge";
import { Button } from "~/components/Button";
import { Switch } from "~/components/Choice";
import { EmptyState, Problem } from "~/components/Feedback";
import { NumberField } from "~/components/Field";
import { Page, Section } from "~/components/Page";
import { tell } from "~/components/Toast";
import { ConversationLink } from "./parts/ConversationLink";
import { More } from "./parts/More";

type Survey = Surveys_answers$data["surveys"]["edges"][number]["node"];

export default function Surveys() {
  const t = useTranslations("desk.surveys");
  const query = useLazyLoadQuery<SurveysQuery>(
    graphql`
      query SurveysQuery {
        organization {
          settings {
            ...Surveys_settings
          }
        }
        ...Surveys_answers
      }
    `,
    {},
    { fetchPolicy: "store-and-network" },
  );
  const mayManage = useMay("MANAGE_ORGANIZATION");
  const { settings } = query.organization;
  return (
    <Page title={t("title")} about={t("about")}>
      {mayManage && settings && (
        <Section title={t("settings")}>
          <Settings settings={settings} />
        </Section>
      )}
      <Section title={t("answers")}>
        <Answers answers={query} />
      </Section>
    </Page>
  );
}

function Settings({ settings }: { readonly settings: Surveys_settings$key }) {
  const t = useTranslations("desk.surveys");
  const act = useTranslations("app.act");
  const { survey } = useFragment(
    graphql`
      fragment Surveys_settings on OrganizationSettings {
        survey {
          enabled
          delayMinutes
          remindAfterHours
        }
      }
    `,
    settings,
  );
  const [enabled, setEnabled] = useState(survey.enabled);
  const [delayMinutes, setDelay] = useState(survey.delayMinutes);
  const [remindAfterHours, setRemind] = useState(survey.remindAfterHours ?? null);
  const [problem, setProblem] = useState<unknown>(null);
  const [save, isBusy] = useChange<SurveysSettingsMutation>(graphql`
    mutation SurveysSettingsMutation($input: ChangeSettingsInput!) {
      changeSettings(input: $input) {
        ... on ChangeSettingsSuccess {
          organization {
            id
            settings {
              ...Surveys_settings
            }
          }
        }
        ... on Error {
          code
          message
        }
      }
    }
  `);
  const submit = (): void => {
    setProblem(null);
    save({ input: { survey: { enabled, delayMinutes, remindAfterHours } } }).then(() => tell(t("saved")), setProblem);
  };
  return (
    <div className="flex flex-col gap-4">
      <Switch isSelected={enabled} onChange={setEnabled}>
        {t("enabled")}
      </Switch>
      <div className="grid gap-4 sm:grid-cols-2">
        <NumberField
          label={t("delay")}
          minValue={0}
          value={delayMinutes}
          onChange={(minutes) => setDelay(Number.isNaN(minutes) ? 0 : minutes)}
          isDisabled={!enabled}
        />
        <NumberField
          label={t("remind")}
          hint={t("remindHint")}
          minValue={1}
          value={remindAfterHours ?? Number.NaN}
          onChange={(hours) => setRemind(Number.isNaN(hours) ? null : hours)}
          isDisabled={!enabled}
        />
      </div>
      <Problem of={problem} />
      <Button look="primary" className="self-start" isBusy={isBusy} onPress={submit}>
        {act("save")}
      </Button>
    </div>
  );
}

function Answers({ answers }: { readonly answers: Surveys_answers$key }) {
  const t = useTranslations("desk.surveys");
  const { data, hasNext, isLoadingNext, loadNext } = usePaginationFragment<SurveysPaginationQuery, Surveys_answers$key>(
    graphql`
      fragment Surveys_answers on Query
      @argumentDefinitions(first: { type: "Int", defaultValue: 20 }, after: { type: "String" })
      @refetchable(queryName: "SurveysPaginationQuery") {
        surveys(first: $first, after: $after) @connection(key: "Surveys_surveys") {
          edges {
            node {
              id
              askedAt
              answeredAt
              score
              comment
              conversation {
                ...ConversationLink_conversation
              }
            }
          }
        }
      }
    `,
    answers,
  );
  const { edges } = data.surveys;
  if (edges.length === 0) return <EmptyState icon={Star} title={t("empty")} hint={t("emptyHint")} />;
  return (
    <>
      <ul aria-label={t("answers")} className="divide-y divide-line">
        {edges.map(({ node }) => (
          <Line key={node.id} survey={node} />
        ))}
      </ul>
      <More hasNext={hasNext} isLoading={isLoadingNext} onMore={() => loadNext(20)} />
    </>
  );
}

function Line({ survey: { score, comment, askedAt, answeredAt, conversation } }: { readonly survey: Survey }) {
  const t = useTranslations("desk.surveys");
  const tone = !score ? "neutral" : score >= 4 ? "success" : score <= 2 ? "danger" : "warning";
  return (
    <li className="flex flex-col gap-1 py-2.5">
      <div className="flex flex-wrap items-center gap-2">
        <Badge tone={tone}>{score ? t("score", { score }) : t("unanswered")}</Badge>
        <ConversationLink conversation={conversation ?? null} />
        <span className="text-ink-faint text-xs">
          <Ago at={answeredAt ?? askedAt} />
        </span>
      </div>
      {comment && <p className="text-ink-muted [overflow-wrap:anywhere]">{comment}</p>}
    </li>
  );
}
