/** What a rule does, in order: one line for each, with what it is to be told. */
import { ArrowUp, Plus, X } from "lucide-react";
import { useTranslations } from "use-intl";
import { Button, IconButton } from "~/components/Button";
import { Select } from "~/components/Choice";
import { NumberField, TextField } from "~/components/Field";
import { AttributeValue } from "../parts/AttributeValue";
import { usePriorities } from "../parts/priority";
import { Several } from "../parts/Several";
import { type Action, KINDS, newAction } from "./action";
import type { Things } from "./condition/facts";

interface ActionFieldsProps {
  readonly actions: readonly Action[];
  readonly onChange: (actions: readonly Action[]) => void;
  readonly things: Things;
}

const MOST = 20;

export function ActionFields({ actions, onChange, things }: ActionFieldsProps) {
  const t = useTranslations("automation");
  const raise = (index: number): void => {
    const [action] = actions.slice(index, index + 1);
    if (action) onChange(actions.toSpliced(index, 1).toSpliced(index - 1, 0, action));
  };
  return (
    <div className="flex flex-col gap-3">
      <ol className="flex flex-col gap-3">
        {actions.map((action, index) => (
          <li key={action.id} className="flex items-start gap-2 rounded-md border border-line bg-canvas p-2">
            <div className="grid min-w-0 flex-1 items-start gap-2 sm:grid-cols-[14rem_1fr]">
              <Select
                label={t("action", { number: index + 1 })}
                isLabelHidden
                value={action.kind}
                onChange={(kind) => onChange(actions.with(index, { ...newAction(kind), id: action.id }))}
                choices={KINDS.map((id) => ({ id, label: t(`kinds.${id}`) }))}
              />
              <Told action={action} things={things} onChange={(next) => onChange(actions.with(index, next))} />
            </div>
            {index > 0 && <IconButton icon={ArrowUp} label={t("raise")} onPress={() => raise(index)} />}
            <IconButton icon={X} label={t("dropAction")} onPress={() => onChange(actions.toSpliced(index, 1))} />
          </li>
        ))}
      </ol>
      {actions.length < MOST && (
        <Button
          look="quiet"
          icon={Plus}
          className="self-start"
          onPress={() => onChange([...actions, newAction("ADD_TAGS")])}
        >
          {t("addAction")}
        </Button>
      )}
    </div>
  );
}

interface ToldProps {
  readonly action: Action;
  readonly things: Things;
  readonly onChange: (action: Action) => void;
}

/** The fields of one action's kind. */
function Told({ action, things, onChange }: ToldProps) {
  const t = useTranslations("automation.told");
  const priorities = usePriorities();
  const set = (part: Partial<Action>): void => onChange({ ...action, ...part });
  const hidden = { isLabelHidden: true } as const;
  switch (action.kind) {
    case "SET_PRIORITY":
      return (
        <Select
          {...hidden}
          label={t("priority")}
          value={action.priority}
          onChange={(priority) => set({ priority })}
          choices={priorities}
        />
      );
    case "ADD_TAGS":
    case "REMOVE_TAGS":
      return (
        <Several
          {...hidden}
          label={t("tags")}
          placeholder={t("tags")}
          choices={things.tags}
          value={action.tags}
          onChange={(tags) => set({ tags })}
        />
      );
    case "ASSIGN":
      return (
        <Select
          {...hidden}
          label={t("agent")}
          placeholder={t("agent")}
          choices={things.agents}
          value={action.agent}
          onChange={(agent) => set({ agent })}
        />
      );
    case "SET_ATTRIBUTE":
      return <ToldAttribute {...{ action, things, onChange }} />;
    case "SEND_MESSAGE":
    case "ADD_NOTE":
      return (
        <TextField
          {...hidden}
          label={t(action.kind)}
          placeholder={t(action.kind)}
          lines={3}
          value={action.text}
          onChange={(text) => set({ text })}
        />
      );
    case "SNOOZE":
      return (
        <NumberField
          label={t("minutes")}
          hint={t("minutesHint")}
          minValue={1}
          value={action.minutes ?? Number.NaN}
          onChange={(minutes) => set({ minutes: Number.isNaN(minutes) ? null : minutes })}
        />
      );
    default:
      return null;
  }
}

function ToldAttribute({ action, things, onChange }: ToldProps) {
  const t = useTranslations("automation.told");
  const definition = things.definitions.find(({ key }) => key === action.attribute);
  return (
    <div className="grid gap-2 sm:grid-cols-2">
      <Select
        label={t("attribute")}
        value={action.attribute}
        onChange={(attribute) => onChange({ ...action, attribute, value: null })}
        choices={things.definitions.map(({ key, label }) => ({ id: key, label }))}
      />
      {definition && (
        <AttributeValue
          definition={definition}
          label={t("value")}
          value={action.value}
          onChange={(value) => onChange({ ...action, value })}
        />
      )}
    </div>
  );
}
