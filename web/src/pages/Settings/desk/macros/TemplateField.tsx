/** The text of a macro, with a menu of variables, and how it reads in a conversation. */
import { Braces } from "lucide-react";
import { Suspense, useState } from "react";
import { graphql, useLazyLoadQuery } from "react-relay";
import { useTranslations } from "use-intl";
import type { TemplateFieldQuery } from "~/__generated__/TemplateFieldQuery.graphql";
import { useViewer } from "~/app/viewer";
import { Button } from "~/components/Button";
import { Select } from "~/components/Choice";
import { Boundary } from "~/components/Feedback";
import { TextField } from "~/components/Field";
import { Menu, MenuItem } from "~/components/Menu";
import { cx } from "~/components/style";
import { asValue, useShown } from "../parts/AttributeValue";
import type { Definition } from "../parts/choices";
import { pieces } from "./template";

const KNOWN = ["customer.name", "agent.name", "conversation.subject"] as const;

interface TemplateFieldProps {
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly definitions: readonly Definition[];
  readonly problem?: string;
}

export function TemplateField({ value, onChange, definitions, problem }: TemplateFieldProps) {
  const t = useTranslations("desk.macros");
  const [caret, setCaret] = useState(Number.POSITIVE_INFINITY);
  const insert = (name: string): void => {
    const variable = `{{${name}}}`;
    onChange(value.slice(0, caret) + variable + value.slice(caret));
    setCaret(Math.min(caret, value.length) + variable.length);
  };
  const trigger = (
    <Button look="quiet" icon={Braces}>
      {t("insert")}
    </Button>
  );
  return (
    <div className="flex flex-col gap-2">
      <div className="relative">
        <TextField
          label={t("text")}
          hint={t("textHint", { example: "{{customer.name|there}}" })}
          value={value}
          onChange={onChange}
          onSelect={(event) => setCaret(event.currentTarget.selectionStart ?? Number.POSITIVE_INFINITY)}
          lines={5}
          problem={problem}
        />
        <div className="absolute end-0 -top-2">
          <Menu trigger={trigger} label={t("insert")}>
            {KNOWN.map((name) => (
              <MenuItem key={name} onAction={() => insert(name)}>
                {t(`variables.${name.replace(".", "_") as "customer_name"}`)}
              </MenuItem>
            ))}
            {definitions.map(({ key, label }) => (
              <MenuItem key={key} onAction={() => insert(`attribute.${key}`)}>
                {label}
              </MenuItem>
            ))}
          </Menu>
        </div>
      </div>
      {value.includes("{{") && (
        <Boundary>
          <Suspense fallback={null}>
            <Preview text={value} />
          </Suspense>
        </Boundary>
      )}
    </div>
  );
}

/** The text as a customer would read it, in one of the newest conversations. */
function Preview({ text }: { readonly text: string }) {
  const t = useTranslations("desk.macros");
  const { agent } = useViewer();
  const shown = useShown();
  const [chosen, setChosen] = useState<string | null>(null);
  const { conversations } = useLazyLoadQuery<TemplateFieldQuery>(
    graphql`
      query TemplateFieldQuery {
        conversations(first: 10) {
          nodes {
            id
            subject
            customer {
              name
            }
            triage {
              attributes {
                key
                value
              }
            }
          }
        }
      }
    `,
    {},
    { fetchPolicy: "store-or-network" },
  );
  const sample = conversations.nodes.find(({ id }) => id === chosen) ?? conversations.nodes[0];
  const attributes = sample?.triage?.attributes.map(({ key, value }) => [`attribute.${key}`, shown(asValue(value))]);
  const values = {
    "agent.name": agent?.name ?? "",
    "customer.name": sample?.customer?.name ?? "",
    "conversation.subject": sample?.subject ?? "",
    ...Object.fromEntries(attributes ?? []),
  };
  const found = pieces(text, values);
  return (
    <div className="flex flex-col gap-2 rounded-md border border-line bg-canvas p-3">
      <Select
        label={t("previewIn")}
        value={sample?.id ?? null}
        onChange={setChosen}
        choices={conversations.nodes.map(({ id, subject }) => ({ id, label: subject }))}
        placeholder={t("noConversation")}
        isDisabled={!sample}
      />
      <p className="whitespace-pre-wrap text-sm [overflow-wrap:anywhere]">
        {found.map((piece, index) => (
          <span key={index} className={cx(LOOKS[piece.kind])}>
            {piece.text}
          </span>
        ))}
      </p>
      {found.some(({ kind }) => kind === "missing") && <p className="text-warning text-xs">{t("missing")}</p>}
    </div>
  );
}

const LOOKS = {
  text: undefined,
  value: "rounded bg-accent-soft px-0.5 text-accent-ink",
  missing: "rounded bg-warning-soft px-0.5 text-warning",
};
