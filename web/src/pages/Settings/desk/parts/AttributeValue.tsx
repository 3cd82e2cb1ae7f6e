/** The value of a custom attribute: a field of the kind that its definition says. */
import { useTranslations } from "use-intl";
import { Select } from "~/components/Choice";
import { NumberField, TextField } from "~/components/Field";
import type { Definition } from "./choices";
import { Several } from "./Several";

export type Value = string | number | boolean | readonly string[];

interface AttributeValueProps {
  readonly definition: Definition;
  readonly label: string;
  readonly value: Value | null;
  readonly onChange: (value: Value | null) => void;
  readonly className?: string;
}

export function AttributeValue({ definition, label, value, onChange, className }: AttributeValueProps) {
  const t = useTranslations("desk.value");
  const shared = { label, className };
  const offered = definition.choices.map((choice) => ({ id: choice, label: choice }));
  switch (definition.kind) {
    case "NUMBER":
      return (
        <NumberField
          {...shared}
          value={typeof value === "number" ? value : Number.NaN}
          onChange={(number) => onChange(Number.isNaN(number) ? null : number)}
        />
      );
    case "BOOLEAN":
      return (
        <Select
          {...shared}
          value={value === null ? null : String(value)}
          onChange={(chosen) => onChange(chosen === "true")}
          choices={["true", "false"].map((id) => ({ id, label: t(id === "true" ? "yes" : "no") }))}
        />
      );
    case "CHOICE":
      return (
        <Select {...shared} choices={offered} value={typeof value === "string" ? value : null} onChange={onChange} />
      );
    case "CHOICES":
      return <Several {...shared} choices={offered} value={Array.isArray(value) ? value : []} onChange={onChange} />;
    default:
      return (
        <TextField
          {...shared}
          type={definition.kind === "DATE" ? "date" : "text"}
          value={typeof value === "string" ? value : ""}
          onChange={(text) => onChange(text || null)}
        />
      );
  }
}

/** A value of the API, if it is one that an attribute can have. */
export function asValue(found: unknown): Value | null {
  if (typeof found === "string" || typeof found === "number" || typeof found === "boolean") return found;
  return Array.isArray(found) ? found.map(String) : null;
}

/** A value in words. */
export function useShown(): (value: Value | null) => string {
  const t = useTranslations("desk.value");
  return (value) => {
    if (value === null) return t("none");
    if (typeof value === "boolean") return t(value ? "yes" : "no");
    return typeof value === "object" ? value.join(", ") : String(value);
  };
}
