/** What a number means, in words and in SQL, how fresh it is, and which conversations are behind it. */
import { Suspense } from "react";
import { graphql, useLazyLoadQuery } from "react-relay";
import { useFormatter, useTranslations } from "use-intl";
import type { DetailQuery, DetailQuery$data } from "~/__generated__/DetailQuery.graphql";
import { Dialog } from "~/components/Dialog";
import { Boundary, Skeleton } from "~/components/Feedback";
import { TIME_ZONE } from "../asking/input";
import { readAnswer } from "../figures/answer";
import { Fresh } from "../figures/Fresh";
import { useMetricName, useNamed, useSay } from "../figures/words";
import { Behind } from "./Behind";
import type { Opened } from "./opening";

interface DetailProps {
  readonly opened: Opened;
  readonly onClose: () => void;
}

export default function Detail({ opened, onClose }: DetailProps) {
  const named = useMetricName();
  return (
    <Dialog title={named(opened.metric)} isOpen onClose={onClose} size="wide">
      <Boundary>
        <Suspense fallback={<Skeleton lines={10} />}>
          <Explained {...opened} />
        </Suspense>
      </Boundary>
    </Dialog>
  );
}

function Explained({ metric, span, conditions, about }: Opened) {
  const say = useSay();
  const query = useLazyLoadQuery<DetailQuery>(
    graphql`
      query DetailQuery($question: AnalyticsInput!, $cell: AnalyticsCellInput!) {
        metrics {
          name
          description
          definition
          sql
          fact
          unit
          settlesAfterDays
        }
        analytics(input: $question) {
          source
          ...answer_of
        }
        ...Behind_rows @arguments(cell: $cell)
      }
    `,
    {
      question: { metrics: [metric], range: span, filters: conditions, timeZone: TIME_ZONE },
      cell: { metric, range: span, filters: conditions },
    },
    { fetchPolicy: "store-and-network" },
  );
  const { rows, freshness } = readAnswer(query.analytics);
  const definition = query.metrics.find(({ name }) => name === metric);
  return (
    <div className="flex flex-col gap-5">
      <div className="flex flex-col gap-1">
        <p className="font-semibold text-2xl tabular-nums tracking-tight">{say(metric, rows[0]?.now[metric])}</p>
        <About span={span} conditions={conditions} about={about} />
        <Fresh of={freshness} />
      </div>
      {definition && <Definition of={definition} source={query.analytics.source} />}
      <Behind metric={metric} query={query} />
    </div>
  );
}

/** When and where the number is about; ids of inboxes and people are not told, only that they narrow it. */
function About({ span, conditions, about }: Pick<Opened, "span" | "conditions" | "about">) {
  const t = useTranslations("analytics.detail");
  const format = useFormatter();
  const named = useNamed();
  const hasDays = [span.from, span.to].every((at) => new Date(at).getHours() === 0);
  const style = hasDays ? ({ dateStyle: "medium" } as const) : ({ dateStyle: "medium", timeStyle: "short" } as const);
  const told = conditions.filter(({ dimension }) => !["INBOX", "TEAM", "PERSON"].includes(dimension));
  const words = [
    format.dateTimeRange(new Date(span.from), new Date(Date.parse(span.to) - 1), style),
    ...told.flatMap(({ dimension, values }) => values.map((value) => named(dimension, { value, label: null }))),
    ...(about ? [about] : []),
    ...(told.length < conditions.length ? [t("narrowed")] : []),
  ];
  return <p className="text-ink-muted">{[...new Set(words)].join(" · ")}</p>;
}

interface DefinitionProps {
  readonly of: DetailQuery$data["metrics"][number];
  readonly source: DetailQuery$data["analytics"]["source"];
}

/** The catalogue's own words, which are English, as those of SQL are. */
function Definition({ of: { description, definition, sql, fact, unit, settlesAfterDays }, source }: DefinitionProps) {
  const t = useTranslations("analytics.detail");
  return (
    <section className="flex flex-col gap-2">
      <h3 className="font-medium">{t("definition")}</h3>
      <p lang="en" className="max-w-prose">
        {description} {definition}
      </p>
      {typeof settlesAfterDays === "number" && (
        <p className="text-ink-muted text-sm">{t("settles", { days: settlesAfterDays })}</p>
      )}
      <pre className="whitespace-pre-wrap rounded-lg bg-sunken p-3 text-xs [overflow-wrap:anywhere]">
        <code>{sql}</code>
      </pre>
      <p className="text-ink-faint text-xs">
        {t("unit", { unit: t(`units.${unit}`) })} {t("from", { fact: `${fact}_fact`, source: t(`sources.${source}`) })}
      </p>
    </section>
  );
}
