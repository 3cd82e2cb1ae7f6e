/** Filters of a dashboard: a popover with whatever occurs in the range, and chips for what is chosen. */
import { ListFilter, X } from "lucide-react";
import { Suspense } from "react";
import { graphql, useLazyLoadQuery } from "react-relay";
import { useTranslations } from "use-intl";
import type { answer_of$key } from "~/__generated__/answer_of.graphql";
import type { FiltersAnalyticsQuery } from "~/__generated__/FiltersAnalyticsQuery.graphql";
import { Button } from "~/components/Button";
import { Checkbox } from "~/components/Choice";
import { Boundary, Skeleton } from "~/components/Feedback";
import { Popover } from "~/components/Menu";
import { type Part, readAnswer } from "../figures/answer";
import { useNamed } from "../figures/words";
import { DIMENSIONS, TIME_ZONE } from "./input";
import { FILTERS, type FilterName, narrowing, type Question, spanOf, unfiltered } from "./question";

interface FiltersProps {
  readonly question: Question;
  readonly ask: (change: Partial<Question>) => void;
}

type Occurring = Readonly<Record<FilterName, readonly Part[]>>;

export function Filters({ question, ask }: FiltersProps) {
  const t = useTranslations("analytics.ask");
  const count = narrowing(question);
  return (
    <Popover
      label={t("filters")}
      trigger={
        <Button icon={ListFilter} className="self-end">
          {count > 0 ? t("filtersChosen", { count }) : t("filters")}
        </Button>
      }
      className="max-h-[70dvh]"
    >
      <Boundary>
        <Suspense fallback={<Skeleton className="p-2" lines={6} />}>
          <Choices question={question} ask={ask} />
        </Suspense>
      </Boundary>
    </Popover>
  );
}

/** What is chosen, and how to leave it. */
export function ChosenFilters({ question, ask }: FiltersProps) {
  const t = useTranslations("analytics.ask");
  if (narrowing(question) === 0) return null;
  return (
    <div className="flex flex-wrap items-center gap-2">
      <Boundary isSilent>
        <Suspense fallback={<Skeleton className="w-40" lines={1} />}>
          <Chips question={question} ask={ask} />
        </Suspense>
      </Boundary>
      <Button look="quiet" size="small" icon={X} onPress={() => ask({ chosen: unfiltered(question).chosen })}>
        {t("clear")}
      </Button>
    </div>
  );
}

function Chips({ question, ask }: FiltersProps) {
  const t = useTranslations("analytics.ask");
  const named = useNamed();
  const occurring = useOccurring(question);
  return FILTERS.flatMap((name) =>
    question.chosen[name].map((value) => {
      const part = occurring[name].find((one) => (one.value ?? "") === value) ?? { value, label: null };
      const words = t("chip", { name: t(`names.${name}`), value: named(DIMENSIONS[name], part) });
      return (
        <Button
          key={`${name} ${value}`}
          size="small"
          aria-label={t("remove", { filter: words })}
          onPress={() => ask(toggled(question, name, value))}
          className="max-w-full"
        >
          <span className="truncate">{words}</span>
          <X size={12} aria-hidden />
        </Button>
      );
    }),
  );
}

function Choices({ question, ask }: FiltersProps) {
  const t = useTranslations("analytics.ask");
  const named = useNamed();
  const occurring = useOccurring(question);
  const offered = FILTERS.filter((name) => occurring[name].some(({ value }) => value !== null));
  if (offered.length === 0) return <p className="p-2 text-ink-muted">{t("nothingToFilter")}</p>;
  return (
    <div className="flex flex-col gap-4 p-1">
      {offered.map((name) => (
        <fieldset key={name} className="flex flex-col gap-1">
          <legend className="mb-1 font-medium text-ink-faint text-xs">{t(`names.${name}`)}</legend>
          {occurring[name].map((part) => (
            <Checkbox
              key={part.value}
              isSelected={question.chosen[name].includes(part.value ?? "")}
              onChange={() => ask(toggled(question, name, part.value ?? ""))}
            >
              <span className="min-w-0 truncate">{named(DIMENSIONS[name], part)}</span>
            </Checkbox>
          ))}
        </fieldset>
      ))}
    </div>
  );
}

function toggled({ chosen }: Question, name: FilterName, value: string): Partial<Question> {
  const has = chosen[name].includes(value);
  const values = has ? chosen[name].filter((one) => one !== value) : [...chosen[name], value];
  return { chosen: { ...chosen, [name]: values } };
}

/** What occurs most in the range, whatever is chosen: conversations by each dimension. */
function useOccurring(question: Question): Occurring {
  const span = spanOf(question, new Date());
  const by = (name: FilterName) => ({
    metrics: ["conversations"],
    dimensions: [DIMENSIONS[name]],
    range: span,
    timeZone: TIME_ZONE,
    limit: 30,
  });
  const found = useLazyLoadQuery<FiltersAnalyticsQuery>(
    graphql`
      query FiltersAnalyticsQuery(
        $inbox: AnalyticsInput!
        $channel: AnalyticsInput!
        $team: AnalyticsInput!
        $person: AnalyticsInput!
        $topic: AnalyticsInput!
        $language: AnalyticsInput!
        $priority: AnalyticsInput!
      ) {
        inbox: analytics(input: $inbox) {
          ...answer_of
        }
        channel: analytics(input: $channel) {
          ...answer_of
        }
        team: analytics(input: $team) {
          ...answer_of
        }
        person: analytics(input: $person) {
          ...answer_of
        }
        topic: analytics(input: $topic) {
          ...answer_of
        }
        language: analytics(input: $language) {
          ...answer_of
        }
        priority: analytics(input: $priority) {
          ...answer_of
        }
      }
    `,
    {
      inbox: by("inbox"),
      channel: by("channel"),
      team: by("team"),
      person: by("person"),
      topic: by("topic"),
      language: by("language"),
      priority: by("priority"),
    },
    { fetchPolicy: "store-or-network" },
  );
  const parts = (name: FilterName): readonly Part[] => partsOf(found[name]);
  return {
    inbox: parts("inbox"),
    channel: parts("channel"),
    team: parts("team"),
    person: parts("person"),
    topic: parts("topic"),
    language: parts("language"),
    priority: parts("priority"),
  };
}

function partsOf(key: answer_of$key): readonly Part[] {
  return readAnswer(key).rows.flatMap(({ parts }) => parts);
}
