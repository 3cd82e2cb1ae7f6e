/** What a dashboard is asked: its range, what it is set beside, how fine its lines are, and its filters. All of it is the address. */
import { useTranslations } from "use-intl";
import { useSearchParams } from "~/app/navigation";
import { Select } from "~/components/Choice";
import { TextField } from "~/components/Field";
import { ChosenFilters, Filters } from "./Filters";
import {
  COMPARISONS,
  dayOf,
  type Question,
  RANGES,
  type RangeName,
  read,
  spanOf,
  stepOf,
  stepsFor,
  write,
} from "./question";

/** What the address asks, and how to ask otherwise. */
export function useQuestion(): readonly [Question, (change: Partial<Question>) => void] {
  const [search, setSearch] = useSearchParams();
  const question = read(search);
  return [question, (change) => setSearch(write({ ...question, ...change }), { replace: true })];
}

export function Toolbar() {
  const t = useTranslations("analytics.ask");
  const [question, ask] = useQuestion();
  const span = spanOf(question, new Date());
  return (
    <div className="flex flex-col gap-3">
      <div className="grid grid-cols-2 items-end gap-2 sm:flex sm:flex-wrap">
        <Select
          label={t("range")}
          value={question.range}
          onChange={(range) => ask(ranged(range, question))}
          choices={RANGES.map((id) => ({ id, label: t(`ranges.${id}`) }))}
          className="min-w-0 sm:w-40"
        />
        {question.range === "custom" && <Days question={question} ask={ask} />}
        <Select
          label={t("compare")}
          value={question.compare}
          onChange={(compare) => ask({ compare })}
          choices={COMPARISONS.map((id) => ({ id, label: t(`compares.${id}`) }))}
          className="min-w-0 sm:w-44"
        />
        <Select
          label={t("step")}
          value={stepOf(question, span)}
          onChange={(step) => ask({ step })}
          choices={stepsFor(span).map((id) => ({ id, label: t(`steps.${id}`) }))}
          className="min-w-0 sm:w-32"
        />
        <Filters question={question} ask={ask} />
      </div>
      <ChosenFilters question={question} ask={ask} />
    </div>
  );
}

interface DaysProps {
  readonly question: Question;
  readonly ask: (change: Partial<Question>) => void;
}

/** The first and the last day of one's own range; the other one follows where they would cross. */
function Days({ question: { since, until }, ask }: DaysProps) {
  const t = useTranslations("analytics.ask");
  return (
    <>
      <TextField
        type="date"
        label={t("since")}
        value={since}
        onChange={(day) => day && ask({ since: day, until: day > until ? day : until })}
        className="min-w-0 sm:w-40"
      />
      <TextField
        type="date"
        label={t("until")}
        value={until}
        onChange={(day) => day && ask({ until: day, since: day < since ? day : since })}
        className="min-w-0 sm:w-40"
      />
    </>
  );
}

/** Another range; one's own begins with the days that were shown. */
function ranged(range: RangeName, before: Question): Partial<Question> {
  if (range !== "custom") return { range };
  const { from, to } = spanOf(before, new Date());
  return { range, since: dayOf(new Date(from)), until: dayOf(new Date(Date.parse(to) - 1)) };
}
