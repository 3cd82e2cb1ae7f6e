/** Custom attributes in fields of their kinds. */
import { useState } from "react";
import { useTranslations } from "use-intl";
import { Refusal } from "~/changes";
import { Checkbox, Select } from "~/components/Choice";
import { FormDialog } from "~/components/Dialog";
import { NumberField, TextField } from "~/components/Field";
import { changes, type Definition, fitting, type Value } from "./values";

interface AttributesDialogProps {
  readonly title: string;
  readonly definitions: readonly Definition[];
  readonly values: ReadonlyMap<string, unknown>;
  readonly isBusy: boolean;
  readonly onChange: (values: { key: string; value: Value }[]) => Promise<unknown>;
  readonly onClose: () => void;
}

export default function AttributesDialog(props: AttributesDialogProps) {
  const { title, definitions, values, isBusy, onChange, onClose } = props;
  const [fields, setFields] = useState<ReadonlyMap<string, Value>>(
    () => new Map(definitions.map(({ key, kind }) => [key, fitting(kind, values.get(key))])),
  );
  const [refusal, setRefusal] = useState<Refusal>();
  const submit = async (): Promise<void> => {
    setRefusal(undefined);
    const changed = changes(definitions, values, fields);
    if (changed.length === 0) return;
    await onChange(changed).catch((error: unknown) => {
      if (error instanceof Refusal) setRefusal(error);
      throw error;
    });
  };
  return (
    <FormDialog title={title} isOpen isBusy={isBusy} onSubmit={submit} onClose={onClose}>
      {definitions.map((definition) => (
        <Field
          key={definition.key}
          definition={definition}
          value={fields.get(definition.key) ?? null}
          problem={refusal?.of(`attributes.${definition.key}`)}
          onChange={(value) => setFields(new Map(fields).set(definition.key, value))}
        />
      ))}
    </FormDialog>
  );
}

interface FieldProps {
  readonly definition: Definition;
  readonly value: Value;
  readonly problem: string | undefined;
  readonly onChange: (value: Value) => void;
}

const NOTHING = "";

function Field({ definition, value, problem, onChange }: FieldProps) {
  const t = useTranslations("panel.attributes");
  const { label, kind, choices } = definition;
  const asked = { label, problem };
  switch (kind) {
    case "NUMBER":
      return <NumberField {...asked} value={typeof value === "number" ? value : Number.NaN} onChange={onChange} />;
    case "BOOLEAN":
      return (
        <Select
          {...asked}
          value={typeof value === "boolean" ? `${value}` : NOTHING}
          choices={[
            { id: NOTHING, label: t("none") },
            { id: "true", label: t("yes") },
            { id: "false", label: t("no") },
          ]}
          onChange={(chosen) => onChange(chosen === NOTHING ? null : chosen === "true")}
        />
      );
    case "CHOICE":
      return (
        <Select
          {...asked}
          value={typeof value === "string" ? value : NOTHING}
          choices={[{ id: NOTHING, label: t("none") }, ...choices.map((id) => ({ id, label: id }))]}
          onChange={(chosen) => onChange(chosen === NOTHING ? null : chosen)}
        />
      );
    case "CHOICES":
      return <Several label={label} problem={problem} choices={choices} value={value} onChange={onChange} />;
    default:
      return (
        <TextField
          {...asked}
          type={kind === "DATE" ? "date" : "text"}
          maxLength={1_000}
          value={typeof value === "string" ? value : ""}
          onChange={onChange}
        />
      );
  }
}

interface SeveralProps {
  readonly label: string;
  readonly problem: string | undefined;
  readonly choices: readonly string[];
  readonly value: Value;
  readonly onChange: (value: Value) => void;
}

function Several({ label, problem, choices, value, onChange }: SeveralProps) {
  const chosen: readonly string[] = Array.isArray(value) ? value : [];
  return (
    <fieldset className="flex flex-col gap-1">
      <legend className="mb-1 font-medium text-sm">{label}</legend>
      {choices.map((choice) => (
        <Checkbox
          key={choice}
          isSelected={chosen.includes(choice)}
          onChange={(isChosen) => onChange(choices.filter((one) => (one === choice ? isChosen : chosen.includes(one))))}
        >
          {choice}
        </Checkbox>
      ))}
      {problem && <p className="text-danger text-xs">{problem}</p>}
    </fieldset>
  );
}
