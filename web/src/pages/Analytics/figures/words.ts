/** Numbers, metrics and values of dimensions, as people read them. */
import { useCallback } from "react";
import { useFormatter, useLocale, useTranslations } from "use-intl";
import type { AnalyticsDimension } from "~/__generated__/OverviewQuery.graphql";
import type analytics from "~/messages/en/analytics";
import type { Part } from "./answer";

/** The metrics that pages show, by the names that the API has for them. */
export type MetricName = keyof typeof analytics.metrics;

/** A metric's name in the reader's language, where pages show it; else as the API has it. */
export function useMetricName(): (metric: string) => string {
  const t = useTranslations("analytics.metrics");
  return useCallback((metric) => (isNamed(metric) ? t(metric) : metric), [t]);
}

/** Names of metrics that pages show. */
const NAMED = [
  "conversations",
  "messages",
  "answers",
  "first_response_time_p50",
  "first_response_time_p90",
  "next_response_time_p50",
  "resolution_time_p50",
  "resolutions",
  "confirmed_resolutions",
  "assumed_resolutions",
  "durable_resolutions",
  "containment_rate",
  "deflection_rate",
  "handoffs",
  "handoff_rate",
  "handoff_wait_p50",
  "handoff_wait_p90",
  "reopen_rate",
  "csat",
  "csat_score",
  "csat_responses",
  "csat_response_rate",
  "helpful_rate",
  "answer_time_p50",
  "first_text_time_p50",
  "cost",
  "tokens",
  "cost_per_resolution",
  "service_level_attainment",
  "deliveries",
  "delivery_failures",
] as const satisfies readonly MetricName[];

function isNamed(metric: string): metric is MetricName {
  return NAMED.some((one) => one === metric);
}

const SHARES: readonly string[] = [
  "containment_rate",
  "deflection_rate",
  "handoff_rate",
  "reopen_rate",
  "csat",
  "csat_response_rate",
  "helpful_rate",
  "service_level_attainment",
];
const MONEY: readonly string[] = ["cost", "cost_per_resolution"];

export type Unit = "count" | "share" | "seconds" | "score" | "currency";

/** What a metric is counted in. */
export function unitOf(metric: string): Unit {
  if (SHARES.includes(metric)) return "share";
  if (MONEY.includes(metric)) return "currency";
  if (metric.includes("_time") || metric.includes("_wait")) return "seconds";
  return metric === "csat_score" ? "score" : "count";
}

/** Says a number of a metric; a dash where there is none. */
export function useSay(): (metric: string, value: number | null | undefined) => string {
  const format = useFormatter();
  return useCallback(
    (metric, value) => {
      if (typeof value !== "number") return "–";
      switch (unitOf(metric)) {
        case "share":
          return format.number(value, { style: "percent", maximumFractionDigits: value < 0.1 ? 1 : 0 });
        case "seconds":
          return lengthIn(value, (amount, unit, maximumFractionDigits) =>
            format.number(amount, { style: "unit", unit, unitDisplay: "narrow", maximumFractionDigits }),
          );
        case "score":
          return format.number(value, { maximumFractionDigits: 2 });
        case "currency":
          return format.number(value, { minimumFractionDigits: 2, maximumFractionDigits: value < 1 ? 4 : 2 });
        default:
          return format.number(value);
      }
    },
    [format],
  );
}

type InUnit = (amount: number, unit: "second" | "minute" | "hour" | "day", digits: number) => string;

/** A length of time by its two largest units, as precise as one wants to know it. */
export function lengthIn(seconds: number, say: InUnit): string {
  if (seconds < 10) return say(seconds, "second", 1);
  if (seconds < 60) return say(Math.round(seconds), "second", 0);
  const [large, small, ratio, size] =
    seconds < 3_570
      ? (["minute", "second", 60, 60] as const)
      : seconds < 86_370
        ? (["hour", "minute", 60, 3_600] as const)
        : (["day", "hour", 24, 86_400] as const);
  const parts = Math.round((seconds / size) * ratio);
  const rest = parts % ratio;
  const whole = say(Math.floor(parts / ratio), large, 0);
  return rest > 0 ? `${whole} ${say(rest, small, 0)}` : whole;
}

/** What values of a dimension are called: those that we know in the reader's language, others as they are. */
export function useNamed(): (dimension: AnalyticsDimension, part: Part) => string {
  const t = useTranslations("analytics");
  const locale = useLocale();
  return useCallback(
    (dimension, { value, label }) => {
      if (value === null || value === "") return t(`without.${isWithout(dimension) ? dimension : "OTHER"}`);
      if (label) return label;
      if (dimension === "LANGUAGE") return languageIn(locale, value);
      return isKnown(value) ? t(`values.${value}`) : value;
    },
    [t, locale],
  );
}

/** What the API itself names; models, topics and the like are words of others. */
const KNOWN = [
  "chat",
  "email",
  "sms",
  "api",
  "low",
  "normal",
  "high",
  "urgent",
  "assistant",
  "person",
  "automation",
  "customer",
  "answer",
  "clarification",
  "refusal",
  "handoff",
  "action_proposal",
  "stopped",
  "unfinished",
  "customer_asked",
  "not_in_knowledge",
  "assistant_failed",
  "assistant_off",
  "agent_asked",
  "not_verified",
  "rule",
] as const satisfies readonly (keyof typeof analytics.values)[];

function isKnown(value: string): value is (typeof KNOWN)[number] {
  return KNOWN.some((one) => one === value);
}

function isWithout(dimension: string): dimension is keyof typeof analytics.without {
  return ["TEAM", "PERSON", "TOPIC", "LANGUAGE", "MODEL"].includes(dimension);
}

function languageIn(locale: string, tag: string): string {
  try {
    return new Intl.DisplayNames(locale, { type: "language" }).of(tag) ?? tag;
  } catch {
    return tag;
  }
}
