/** Days on which nobody is there. */
import { Trash2 } from "lucide-react";
import { useState } from "react";
import { useFormatter, useTranslations } from "use-intl";
import { Button, IconButton } from "~/components/Button";
import { TextField } from "~/components/Field";
import { List, ListItem } from "~/components/Table";

interface HolidaysProps {
  /** As `2026-12-25`. */
  readonly days: readonly string[];
  readonly onChange: (days: readonly string[]) => void;
}

export function Holidays({ days, onChange }: HolidaysProps) {
  const t = useTranslations("people.hours");
  const parts = useTranslations("people.parts");
  const format = useFormatter();
  const [day, setDay] = useState("");
  const show = (one: string): string =>
    format.dateTime(new Date(`${one}T00:00:00Z`), { dateStyle: "full", timeZone: "UTC" });
  const add = (): void => {
    onChange([...new Set([...days, day])].sort());
    setDay("");
  };
  return (
    <div className="flex flex-col gap-3">
      {days.length === 0 ? (
        <p className="text-ink-faint">{t("noHolidays")}</p>
      ) : (
        <List label={t("holidays")}>
          {days.map((one) => (
            <ListItem
              key={one}
              title={show(one)}
              actions={
                <IconButton
                  icon={Trash2}
                  label={t("removeHoliday", { day: show(one) })}
                  onPress={() => onChange(days.filter((other) => other !== one))}
                />
              }
            />
          ))}
        </List>
      )}
      <div className="flex items-end gap-2">
        <TextField label={t("holidayAdd")} type="date" value={day} onChange={setDay} className="w-44" />
        <Button onPress={add} isDisabled={!day || days.length >= 100}>
          {parts("add")}
        </Button>
      </div>
    </div>
  );
}
