/** What a macro does beside its text, field by field. */
import { Plus, X } from "lucide-react";
import { useTranslations } from "use-intl";
import { Button, IconButton } from "~/components/Button";
import { Select, Switch } from "~/components/Choice";
import { NumberField } from "~/components/Field";
import { AttributeValue } from "../parts/AttributeValue";
import type { Choices, Definition } from "../parts/choices";
import { usePriorities } from "../parts/priority";
import { Several } from "../parts/Several";
import type { Effects } from "./effects";

interface EffectFieldsProps {
  readonly effects: Effects;
  readonly onChange: (effects: Effects) => void;
  readonly tags: Choices;
  readonly definitions: readonly Definition[];
}

const AN_HOUR = 60;

export function EffectFields({ effects, onChange, tags, definitions }: EffectFieldsProps) {
  const t = useTranslations("desk.macros");
  const set = (part: Partial<Effects>): void => onChange({ ...effects, ...part });
  const same = { id: "same", label: t("same") } as const;
  return (
    <fieldset className="flex flex-col gap-3">
      <legend className="mb-2 font-medium text-sm">{t("effects")}</legend>
      <div className="grid gap-3 sm:grid-cols-2">
        <Select
          label={t("handling")}
          value={effects.handling ?? "same"}
          onChange={(handling) => set({ handling: handling === "same" ? null : handling })}
          choices={[
            same,
            { id: "TAKE_OVER", label: t("does.TAKE_OVER") },
            { id: "HAND_OVER", label: t("does.HAND_OVER") },
          ]}
        />
        <Select
          label={t("priority")}
          value={effects.priority ?? "same"}
          onChange={(priority) => set({ priority: priority === "same" ? null : priority })}
          choices={[same, ...usePriorities()]}
        />
        <Several
          label={t("tags")}
          placeholder={t("none")}
          choices={tags}
          value={effects.tags}
          onChange={(chosen) => set({ tags: chosen })}
        />
        <Snooze snooze={effects.snooze} onChange={(snooze) => set({ snooze })} />
      </div>
      <AttributeFields
        definitions={definitions}
        attributes={effects.attributes}
        onChange={(attributes) => set({ attributes })}
      />
      <Switch isSelected={effects.resolve} onChange={(resolve) => set({ resolve })}>
        {t("does.resolve")}
      </Switch>
    </fieldset>
  );
}

function Snooze({ snooze, onChange }: { snooze: Effects["snooze"]; onChange: (snooze: Effects["snooze"]) => void }) {
  const t = useTranslations("desk.macros");
  const chosen = typeof snooze === "number" ? "minutes" : (snooze ?? "never");
  return (
    <div className="flex items-end gap-2">
      <Select
        label={t("snooze")}
        className="flex-1"
        value={chosen}
        onChange={(how) => onChange(how === "minutes" ? AN_HOUR : how === "reply" ? "reply" : null)}
        choices={(["never", "reply", "minutes"] as const).map((id) => ({ id, label: t(`snoozes.${id}`) }))}
      />
      {typeof snooze === "number" && (
        <NumberField label={t("minutes")} className="w-24" minValue={1} value={snooze} onChange={onChange} />
      )}
    </div>
  );
}

interface AttributeFieldsProps {
  readonly definitions: readonly Definition[];
  readonly attributes: Effects["attributes"];
  readonly onChange: (attributes: Effects["attributes"]) => void;
}

function AttributeFields({ definitions, attributes, onChange }: AttributeFieldsProps) {
  const t = useTranslations("desk.macros");
  const free = definitions.find(({ key }) => !attributes.some((attribute) => attribute.key === key));
  if (definitions.length === 0) return null;
  const replace = (index: number, next: Effects["attributes"][number]): void => onChange(attributes.with(index, next));
  return (
    <div className="flex flex-col gap-2">
      {attributes.map(({ key, value }, index) => {
        const definition = definitions.find((one) => one.key === key);
        return (
          <div key={key} className="flex items-end gap-2">
            <Select
              label={t("attribute")}
              className="w-44"
              value={key}
              onChange={(chosen) => replace(index, { key: chosen, value: null })}
              choices={definitions
                .filter((one) => one.key === key || !attributes.some((attribute) => attribute.key === one.key))
                .map((one) => ({ id: one.key, label: one.label }))}
            />
            {definition && (
              <AttributeValue
                definition={definition}
                label={t("value")}
                className="flex-1"
                value={value}
                onChange={(next) => replace(index, { key, value: next })}
              />
            )}
            <IconButton icon={X} label={t("dropAttribute")} onPress={() => onChange(attributes.toSpliced(index, 1))} />
          </div>
        );
      })}
      {free && (
        <Button
          look="quiet"
          icon={Plus}
          className="self-start"
          onPress={() => onChange([...attributes, { key: free.key, value: null }])}
        >
          {t("addAttribute")}
        </Button>
      )}
    </div>
  );
}
