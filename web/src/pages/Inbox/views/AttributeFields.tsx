/** What conversations can be asked to hold, by the attributes that the company defined. */
import { graphql, useFragment } from "react-relay";
import { useTranslations } from "use-intl";
import type {
  AttributeFields_definitions$data,
  AttributeFields_definitions$key,
} from "~/__generated__/AttributeFields_definitions.graphql";
import { Select } from "~/components/Choice";
import { TextField } from "~/components/Field";

interface Value {
  readonly key: string;
  readonly value: unknown;
}

interface AttributeFieldsProps {
  readonly definitions: AttributeFields_definitions$key;
  readonly values: readonly Value[];
  readonly onChange: (values: Value[]) => void;
}

export function AttributeFields({ definitions: key, values, onChange }: AttributeFieldsProps) {
  const definitions = useFragment(
    graphql`
      fragment AttributeFields_definitions on AttributeDefinition @relay(plural: true) {
        id
        key
        label
        kind
        choices
      }
    `,
    key,
  );
  return definitions.map((definition) => (
    <AttributeField
      key={definition.id}
      definition={definition}
      value={values.find((one) => one.key === definition.key)?.value}
      onChange={(value) => {
        const others = values.filter((one) => one.key !== definition.key);
        onChange(value === undefined ? others : [...others, { key: definition.key, value }]);
      }}
    />
  ));
}

interface AttributeFieldProps {
  readonly definition: AttributeFields_definitions$data[number];
  readonly value: unknown;
  readonly onChange: (value: unknown) => void;
}

function AttributeField({ definition: { choices, kind, label }, value, onChange }: AttributeFieldProps) {
  const t = useTranslations("inbox.filter");
  const any = { id: "", label: t("any") };
  if (kind === "BOOLEAN")
    return (
      <Select
        label={label}
        value={value === undefined ? "" : `${value}`}
        choices={[any, { id: "true", label: t("yes") }, { id: "false", label: t("no") }]}
        onChange={(chosen) => onChange(chosen === "" ? undefined : chosen === "true")}
      />
    );
  if (kind === "CHOICE" || kind === "CHOICES") {
    const chosen = Array.isArray(value) ? value[0] : value;
    return (
      <Select
        label={label}
        value={typeof chosen === "string" ? chosen : ""}
        choices={[any, ...choices.map((choice) => ({ id: choice, label: choice }))]}
        onChange={(next) => onChange(next === "" ? undefined : kind === "CHOICES" ? [next] : next)}
      />
    );
  }
  return (
    <TextField
      label={label}
      type={kind === "DATE" ? "date" : kind === "NUMBER" ? "number" : "text"}
      value={value === undefined ? "" : `${value}`}
      onChange={(text) => onChange(text === "" ? undefined : kind === "NUMBER" ? Number(text) : text)}
    />
  );
}
