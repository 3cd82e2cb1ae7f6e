/** A custom attribute being defined, or called otherwise; its key and kind stay as they are. */
import { useState } from "react";
import { graphql } from "react-relay";
import { useTranslations } from "use-intl";
import type { AttributeDialogChangeMutation } from "~/__generated__/AttributeDialogChangeMutation.graphql";
import type {
  AttributeDialogCreateMutation,
  AttributeKind,
  AttributeOwner,
} from "~/__generated__/AttributeDialogCreateMutation.graphql";
import type { Attributes_attribute$data } from "~/__generated__/Attributes_attribute.graphql";
import { Refusal, useChange } from "~/changes";
import { RadioGroup, Select } from "~/components/Choice";
import { FormDialog } from "~/components/Dialog";
import { TextField } from "~/components/Field";
import { added } from "./parts/added";
import { Words } from "./parts/Words";

const KINDS: readonly AttributeKind[] = ["TEXT", "NUMBER", "BOOLEAN", "DATE", "CHOICE", "CHOICES"];

interface AttributeDialogProps {
  readonly attribute: Attributes_attribute$data | null;
  readonly onClose: () => void;
}

interface Draft {
  readonly appliesTo: AttributeOwner;
  readonly key: string;
  readonly label: string;
  readonly kind: AttributeKind;
  readonly choices: readonly string[];
}

const EMPTY: Draft = { appliesTo: "CONVERSATION", key: "", label: "", kind: "TEXT", choices: [] };

export function AttributeDialog({ attribute, onClose }: AttributeDialogProps) {
  const t = useTranslations("desk.attributes");
  const act = useTranslations("app.act");
  const [draft, setDraft] = useState<Draft>(attribute ?? EMPTY);
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  const [save, isBusy] = useSave(attribute?.id);
  const set = (part: Partial<Draft>): void => setDraft({ ...draft, ...part });
  const submit = (): Promise<unknown> =>
    save(draft).catch((error: unknown) => {
      if (error instanceof Refusal) setRefusal(error);
      throw error;
    });
  const name = (label: string): void => set(attribute ? { label } : { label, key: keyFor(label) });
  return (
    <FormDialog
      isOpen
      title={t(attribute ? "change" : "create")}
      submit={attribute ? undefined : act("create")}
      isBusy={isBusy}
      isDisabled={draft.label.trim() === "" || draft.key === ""}
      onSubmit={submit}
      onClose={onClose}
    >
      {!attribute && (
        <RadioGroup
          label={t("appliesTo")}
          value={draft.appliesTo}
          onChange={(appliesTo) => set({ appliesTo })}
          choices={(["CONVERSATION", "CUSTOMER"] as const).map((id) => ({ id, label: t(`owners.${id}`) }))}
        />
      )}
      <TextField label={t("label")} value={draft.label} onChange={name} problem={refusal?.of("label")} autoFocus />
      {!attribute && (
        <>
          <TextField
            label={t("key")}
            hint={t("keyHint")}
            value={draft.key}
            onChange={(key) => set({ key })}
            problem={refusal?.of("key")}
          />
          <Select
            label={t("kind")}
            value={draft.kind}
            onChange={(kind) => set({ kind })}
            choices={KINDS.map((id) => ({ id, label: t(`kinds.${id}`) }))}
          />
        </>
      )}
      {draft.kind.startsWith("CHOICE") && (
        <Words label={t("choices")} value={draft.choices} onChange={(choices) => set({ choices })} />
      )}
    </FormDialog>
  );
}

/** A key that follows from what it is called. */
function keyFor(label: string): string {
  const plain = label.normalize("NFKD").toLowerCase();
  return plain
    .replace(/[^a-z0-9]+/g, "_")
    .replace(/^[_0-9]+|_+$/g, "")
    .slice(0, 40);
}

/** Define an attribute, or change the one of this id. */
function useSave(id: string | undefined): [(draft: Draft) => Promise<unknown>, boolean] {
  const [create, isCreating] = useChange<AttributeDialogCreateMutation>(graphql`
    mutation AttributeDialogCreateMutation($input: DefineAttributeInput!) {
      defineAttribute(input: $input) {
        ... on DefineAttributeSuccess {
          attributeDefinition {
            id
            ...Attributes_attribute
          }
        }
        ... on InvalidInputError {
          fields {
            path
            message
          }
        }
        ... on Error {
          code
          message
        }
      }
    }
  `);
  const [change, isChanging] = useChange<AttributeDialogChangeMutation>(graphql`
    mutation AttributeDialogChangeMutation($input: ChangeAttributeInput!) {
      changeAttribute(input: $input) {
        ... on ChangeAttributeSuccess {
          attributeDefinition {
            ...Attributes_attribute
          }
        }
        ... on InvalidInputError {
          fields {
            path
            message
          }
        }
        ... on Error {
          code
          message
        }
      }
    }
  `);
  const save = ({ appliesTo, key, label, kind, choices }: Draft): Promise<unknown> => {
    const offered = kind.startsWith("CHOICE") ? choices : null;
    if (id) return change({ input: { attributeDefinitionId: id, label, choices: offered } });
    const updater = added("defineAttribute", "attributeDefinition", "attributeDefinitions");
    return create({ input: { appliesTo, key, label, kind, choices: offered } }, { updater });
  };
  return [save, isCreating || isChanging];
}
