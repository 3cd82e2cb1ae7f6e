/** What a company wants to know of a conversation or a customer: its own attributes, shown by their kinds. */
import { Pencil } from "lucide-react";
import { lazy, type ReactNode, Suspense, useState } from "react";
import { useFormatter, useTranslations } from "use-intl";
import { IconButton } from "~/components/Button";
import { Fact, Facts, Nothing, Part } from "../Part";
import { type Definition, fitting, type Value } from "./values";

const AttributesDialog = lazy(() => import("./AttributesDialog"));

interface AttributesProps {
  readonly id: string;
  readonly title: string;
  readonly definitions: readonly Definition[];
  readonly attributes: readonly { readonly key: string; readonly value: unknown }[];
  readonly mayChange: boolean;
  readonly isBusy: boolean;
  readonly onChange: (values: { key: string; value: Value }[]) => Promise<unknown>;
}

export function Attributes(props: AttributesProps) {
  const { id, title, definitions, attributes, mayChange, isBusy, onChange } = props;
  const t = useTranslations("panel.attributes");
  const [isEditing, setEditing] = useState(false);
  if (definitions.length === 0) return null;
  const values = new Map(attributes.map(({ key, value }) => [key, value]));
  return (
    <Part
      id={id}
      title={title}
      actions={mayChange && <IconButton icon={Pencil} label={t("edit")} onPress={() => setEditing(true)} />}
    >
      <Facts>
        {definitions.map((definition) => (
          <Fact key={definition.key} name={definition.label}>
            <Shown definition={definition} value={fitting(definition.kind, values.get(definition.key))} />
          </Fact>
        ))}
      </Facts>
      {isEditing && (
        <Suspense fallback={null}>
          <AttributesDialog
            title={title}
            definitions={definitions}
            values={values}
            isBusy={isBusy}
            onChange={onChange}
            onClose={() => setEditing(false)}
          />
        </Suspense>
      )}
    </Part>
  );
}

function Shown({ definition, value }: { readonly definition: Definition; readonly value: Value }): ReactNode {
  const t = useTranslations("panel.attributes");
  const format = useFormatter();
  if (value === null || (Array.isArray(value) && value.length === 0)) return <Nothing>{t("none")}</Nothing>;
  if (typeof value === "boolean") return t(value ? "yes" : "no");
  if (typeof value === "number") return format.number(value);
  if (typeof value !== "string") return value.join(", ");
  // A date is a day, wherever one is: it has no time zone.
  if (definition.kind === "DATE")
    return format.dateTime(new Date(`${value}T00:00:00Z`), { dateStyle: "medium", timeZone: "UTC" });
  return value;
}
