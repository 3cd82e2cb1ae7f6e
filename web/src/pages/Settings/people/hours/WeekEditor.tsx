/** The hours of each day of the week. */
import { Copy, Plus, X } from "lucide-react";
import { useTranslations } from "use-intl";
import { Button, IconButton } from "~/components/Button";
import { TextField } from "~/components/Field";
import { changed, copied, DAYS, type Day, extended, problemOf, type Week } from "./week";

interface WeekEditorProps {
  readonly week: Week;
  readonly onChange: (week: Week) => void;
}

export function WeekEditor({ week, onChange }: WeekEditorProps) {
  const t = useTranslations("people.hours");
  return (
    <div className="flex flex-col">
      {DAYS.map((day) => (
        <fieldset
          key={day}
          className="grid grid-cols-[7rem_1fr_auto] items-start gap-2 border-line border-b py-2 last:border-0 max-sm:grid-cols-[1fr_auto]"
        >
          <legend className="sr-only">{t(`days.${day}`)}</legend>
          <span aria-hidden className="py-1.5 font-medium max-sm:col-span-2 max-sm:pb-0">
            {t(`days.${day}`)}
          </span>
          <div className="flex flex-col gap-2">
            {week[day].length === 0 && <span className="py-1.5 text-ink-faint">{t("closed")}</span>}
            {week[day].map((_, at) => (
              <SpanFields key={at} week={week} day={day} at={at} onChange={onChange} />
            ))}
          </div>
          <IconButton
            icon={Plus}
            label={t("addSpan", { day: t(`days.${day}`) })}
            onPress={() => onChange(extended(week, day))}
          />
        </fieldset>
      ))}
      <div className="pt-3">
        <Button icon={Copy} onPress={() => onChange(copied(week))}>
          {t("copyMonday")}
        </Button>
      </div>
    </div>
  );
}

interface SpanFieldsProps extends WeekEditorProps {
  readonly day: Day;
  readonly at: number;
}

function SpanFields({ week, day, at, onChange }: SpanFieldsProps) {
  const t = useTranslations("people.hours");
  const span = week[day][at];
  if (!span) return null;
  const problem = problemOf(week, day, at);
  const label = t(`days.${day}`);
  return (
    <div className="flex flex-wrap items-start gap-2">
      <TextField
        label={`${label}: ${t("opens")}`}
        isLabelHidden
        type="time"
        value={span.opens}
        isInvalid={Boolean(problem)}
        onChange={(opens) => onChange(changed(week, day, at, { ...span, opens }))}
        className="w-34"
      />
      <span aria-hidden className="py-1.5 text-ink-faint">
        –
      </span>
      <TextField
        label={`${label}: ${t("closes")}`}
        isLabelHidden
        type="time"
        value={span.closes}
        problem={problem && t(`problems.${problem}`)}
        onChange={(closes) => onChange(changed(week, day, at, { ...span, closes }))}
        className="w-34"
      />
      <IconButton
        icon={X}
        label={t("removeSpan", { from: span.opens, to: span.closes, day: label })}
        onPress={() => onChange(changed(week, day, at, null))}
      />
    </div>
  );
}
