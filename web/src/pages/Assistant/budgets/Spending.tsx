/** What models have cost, day by day, by model and by purpose, over the last days in UTC. */
import { lazy, Suspense, useMemo } from "react";
import { graphql, useLazyLoadQuery } from "react-relay";
import { useFormatter, useTranslations } from "use-intl";
import type { SpendingQuery, SpendingQuery$data } from "~/__generated__/SpendingQuery.graphql";
import { useSearchParams } from "~/app/navigation";
import { Select } from "~/components/Choice";
import { Skeleton } from "~/components/Feedback";
import { Page, Section } from "~/components/Page";
import { Table } from "~/components/Table";
import { byDay, lastDays, type Range, useMoney } from "./money";

const Bars = lazy(() => import("~/components/charts/Bars"));

const SPANS = ["7", "30", "90"] as const;
type Span = (typeof SPANS)[number];
type Part = SpendingQuery$data["models"]["parts"][number];

export default function Spending() {
  const t = useTranslations("assistant.spending");
  const purposes = useTranslations("assistant.spending.purposes");
  const [search, setSearch] = useSearchParams();
  const span: Span = SPANS.find((one) => one === search.get("days")) ?? "30";
  const range = useMemo(() => lastDays(Number(span), new Date()), [span]);
  const { days, models, byPurpose } = useSpending(range);
  const { currency } = days;
  const choose = (
    <Select
      label={t("span")}
      isLabelHidden
      value={span}
      onChange={(chosen) => setSearch({ days: chosen })}
      choices={SPANS.map((id) => ({ id, label: t("days", { count: Number(id) }) }))}
    />
  );
  const purpose = (name: string): string => (isPurpose(name) ? purposes(name) : name);
  return (
    <Page title={t("title")} about={t("about")} actions={choose}>
      {models.parts.length === 0 ? (
        <Section>
          <p className="text-ink-muted">{t("empty")}</p>
        </Section>
      ) : (
        <>
          <Days parts={days.parts} range={range} currency={currency} />
          <Parts title={t("byModel")} name={t("model")} parts={models.parts} currency={currency} />
          <Parts
            title={t("byPurpose")}
            name={t("purpose")}
            parts={byPurpose.parts}
            currency={currency}
            words={purpose}
          />
        </>
      )}
    </Page>
  );
}

const PURPOSES = ["answer", "search", "suggest", "summarize", "rewrite", "classify", "rehearse"] as const;

function isPurpose(name: string): name is (typeof PURPOSES)[number] {
  return PURPOSES.some((one) => one === name);
}

interface DaysProps {
  readonly parts: SpendingQuery$data["days"]["parts"];
  readonly range: Range;
  readonly currency: string | null | undefined;
}

/** Money a day where models have prices, else tokens. */
function Days({ parts, range, currency }: DaysProps) {
  const t = useTranslations("assistant.spending");
  const format = useFormatter();
  const money = useMoney(currency);
  const isPriced = parts.some((part) => typeof part.micros === "number");
  const values = parts.map((part) => ({
    day: part.day,
    value: isPriced ? (part.micros ?? 0) : part.readTokens + part.writtenTokens,
  }));
  const sum = values.reduce((total, { value }) => total + value, 0);
  const words = (value: number): string => (isPriced ? money(value) : format.number(value));
  return (
    <Section title={t(isPriced ? "byDay" : "tokensByDay")} about={t("total", { sum: words(sum) })}>
      <Suspense fallback={<Skeleton lines={5} />}>
        <Bars label={t("byDay")} points={byDay(range, values)} words={words} />
      </Suspense>
      <details className="mt-2 text-sm">
        <summary className="cursor-default text-ink-muted">{t("asTable")}</summary>
        <Figures name={t("day")} parts={parts} currency={currency} />
      </details>
    </Section>
  );
}

interface PartsProps {
  readonly title: string;
  readonly name: string;
  readonly parts: readonly Part[];
  readonly currency: string | null | undefined;
  readonly words?: (name: string) => string;
}

function Parts({ title, ...figures }: PartsProps) {
  return (
    <Section title={title}>
      <Figures {...figures} />
    </Section>
  );
}

function Figures({ name, parts, currency, words = (one) => one }: Omit<PartsProps, "title">) {
  const t = useTranslations("assistant.spending");
  const format = useFormatter();
  const money = useMoney(currency);
  const cost = (part: Part): string => (typeof part.micros === "number" ? money(part.micros) : t("noPrice"));
  return (
    <>
      <Table
        label={name}
        rows={parts}
        keyOf={(part) => part.name}
        columns={[
          { id: "name", label: name, cell: (part) => words(part.name) },
          { id: "calls", label: t("calls"), cell: (part) => format.number(part.calls), isNumber: true },
          {
            id: "read",
            label: t("read"),
            cell: (part) => format.number(part.readTokens),
            isNumber: true,
            isMinor: true,
          },
          {
            id: "written",
            label: t("written"),
            cell: (part) => format.number(part.writtenTokens),
            isNumber: true,
            isMinor: true,
          },
          { id: "cost", label: t("cost"), cell: cost, isNumber: true },
        ]}
      />
      <Doubts parts={parts} />
    </>
  );
}

/** How far the figures may be trusted. */
function Doubts({ parts }: { readonly parts: readonly Part[] }) {
  const t = useTranslations("assistant.spending");
  const sum = (of: (part: Part) => number): number => parts.reduce((total, part) => total + of(part), 0);
  const unpriced = sum((part) => part.unpricedCalls);
  const estimated = sum((part) => part.estimatedCalls + part.openCalls);
  if (unpriced + estimated === 0) return null;
  return (
    <p className="mt-2 text-ink-muted text-xs">
      {unpriced > 0 && t("unpriced", { count: unpriced })} {estimated > 0 && t("estimated", { count: estimated })}
    </p>
  );
}

function useSpending(range: Range): SpendingQuery$data {
  return useLazyLoadQuery<SpendingQuery>(
    graphql`
      query SpendingQuery($since: DateTime!, $until: DateTime!) {
        days: spending(since: $since, until: $until, by: DAY) {
          currency
          parts {
            day
            name
            calls
            micros
            readTokens
            writtenTokens
            unpricedCalls
            estimatedCalls
            openCalls
          }
        }
        models: spending(since: $since, until: $until, by: MODEL) {
          parts {
            name
            calls
            micros
            readTokens
            writtenTokens
            unpricedCalls
            estimatedCalls
            openCalls
          }
        }
        byPurpose: spending(since: $since, until: $until, by: PURPOSE) {
          parts {
            name
            calls
            micros
            readTokens
            writtenTokens
            unpricedCalls
            estimatedCalls
            openCalls
          }
        }
      }
    `,
    range,
    { fetchPolicy: "store-and-network" },
  );
}
