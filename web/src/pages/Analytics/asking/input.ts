/** A question as the API is asked it: one span and one set of filters for all the numbers of a page. */
import { useDeferredValue, useEffect, useMemo, useState } from "react";
import type { AnalyticsComparison, AnalyticsDimension, AnalyticsInput } from "~/__generated__/OverviewQuery.graphql";
import { useSearchParams } from "~/app/navigation";
import {
  type Comparison,
  dayOf,
  FILTERS,
  type FilterName,
  type Question,
  read,
  type Span,
  spanOf,
  stepOf,
} from "./question";

export const TIME_ZONE = Intl.DateTimeFormat().resolvedOptions().timeZone;

/** Only what has one of these values; null is for having none. */
export interface Condition {
  readonly dimension: AnalyticsDimension;
  readonly values: readonly (string | null)[];
}

/** What all the numbers of a page have in common. */
export interface Asked {
  readonly question: Question;
  readonly span: Span;
  readonly granularity: "HOUR" | "DAY" | "WEEK" | "MONTH" | "QUARTER";
  readonly conditions: readonly Condition[];
  /** Another number asks the same anew. */
  readonly fetchKey: number;
}

export const DIMENSIONS = {
  inbox: "INBOX",
  channel: "CHANNEL",
  team: "TEAM",
  person: "PERSON",
  topic: "TOPIC",
  language: "LANGUAGE",
  priority: "PRIORITY",
} as const satisfies Record<FilterName, AnalyticsDimension>;

const COMPARED: Readonly<Record<Comparison, AnalyticsComparison | null>> = {
  period: "PREVIOUS_PERIOD",
  year: "PREVIOUS_YEAR",
  none: null,
};
const GRANULARITIES = { hour: "HOUR", day: "DAY", week: "WEEK", month: "MONTH", quarter: "QUARTER" } as const;

interface Wanted {
  readonly metrics: readonly string[];
  readonly dimensions?: readonly AnalyticsDimension[];
  /** Beyond those of the page. */
  readonly conditions?: readonly Condition[];
  /** Told apart by stretches of time. */
  readonly isSeries?: boolean;
  readonly limit?: number;
}

/** What is asked for some metrics of a page. */
export function inputOf(
  asked: Asked,
  { metrics, dimensions = [], conditions = [], isSeries, limit }: Wanted,
): AnalyticsInput {
  return {
    metrics,
    dimensions,
    range: asked.span,
    timeZone: TIME_ZONE,
    granularity: isSeries ? asked.granularity : "NONE",
    filters: [...asked.conditions, ...conditions],
    compareTo: COMPARED[asked.question.compare],
    ...(limit ? { limit } : {}),
  };
}

/** What this page's address asks, now: again every half minute while somebody looks, and when a new day begins. */
export function useAsked(): readonly [asked: Asked, isStale: boolean] {
  const [search] = useSearchParams();
  const words = search.toString();
  const { day, fetchKey } = useLooks();
  const asked = useMemo<Asked>(() => {
    const question = read(new URLSearchParams(words));
    const span = spanOf(question, new Date(`${day}T12:00:00`));
    const conditions = FILTERS.flatMap((name) => {
      const values = question.chosen[name].map((value) => value || null);
      return values.length > 0 ? [{ dimension: DIMENSIONS[name], values }] : [];
    });
    return { question, span, conditions, granularity: GRANULARITIES[stepOf(question, span)], fetchKey };
  }, [words, day, fetchKey]);
  // What is shown stays until the next is there.
  const shown = useDeferredValue(asked);
  return [shown, shown.question !== asked.question && shown.fetchKey === asked.fetchKey];
}

const EVERY = 15_000;

/** How often somebody has looked for so long, and the day that it is. */
function useLooks(): { readonly day: string; readonly fetchKey: number } {
  const [looks, setLooks] = useState(() => ({ day: dayOf(new Date()), fetchKey: 0 }));
  useEffect(() => {
    const look = (): void => {
      if (!document.hidden) setLooks(({ fetchKey }) => ({ day: dayOf(new Date()), fetchKey: fetchKey + 1 }));
    };
    const timer = setInterval(look, EVERY);
    document.addEventListener("visibilitychange", look);
    return () => {
      clearInterval(timer);
      document.removeEventListener("visibilitychange", look);
    };
  }, []);
  return looks;
}
