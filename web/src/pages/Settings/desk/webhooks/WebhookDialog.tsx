/** A webhook being made or changed: where to, what of, and what it may see. */
import { useState } from "react";
import { graphql } from "react-relay";
import { useTranslations } from "use-intl";
import type { WebhookDialogChangeMutation } from "~/__generated__/WebhookDialogChangeMutation.graphql";
import type { GrantInput, WebhookDialogCreateMutation } from "~/__generated__/WebhookDialogCreateMutation.graphql";
import { Refusal, useChange } from "~/changes";
import { Checkbox, Select } from "~/components/Choice";
import { FormDialog } from "~/components/Dialog";
import { TextField } from "~/components/Field";
import { added } from "../parts/added";
import { documentOf, READY } from "./documents";

/** What webhooks may be allowed to read, beside conversations. */
const MORE = ["READ_CUSTOMERS", "READ_AGENTS", "READ_KNOWLEDGE"] as const;

export interface Kept {
  readonly id: string;
  readonly url: string;
  readonly description: string;
  readonly document: string;
  readonly variables: string;
  readonly permissions: readonly string[];
}

interface WebhookDialogProps {
  readonly webhook: Kept | null;
  readonly onSecret?: (secret: string | null) => void;
  readonly onClose: () => void;
}

type Draft = Omit<Kept, "id">;

const EMPTY: Draft = {
  url: "https://",
  description: "",
  document: documentOf("messages"),
  variables: "",
  permissions: ["READ_CUSTOMERS"],
};

export function WebhookDialog({ webhook, onSecret, onClose }: WebhookDialogProps) {
  const t = useTranslations("connections.webhooks");
  const act = useTranslations("app.act");
  const [draft, setDraft] = useState<Draft>(webhook ?? EMPTY);
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  const [save, isBusy] = useSave(webhook?.id, onSecret);
  const set = (part: Partial<Draft>): void => setDraft({ ...draft, ...part });
  const submit = (): Promise<unknown> =>
    save(draft).catch((error: unknown) => {
      if (error instanceof Refusal) setRefusal(error);
      throw error;
    });
  return (
    <FormDialog
      isOpen
      size="wide"
      title={t(webhook ? "change" : "create")}
      submit={webhook ? undefined : act("create")}
      isBusy={isBusy}
      isDisabled={!URL.canParse(draft.url) || !isObject(draft.variables)}
      onSubmit={submit}
      onClose={onClose}
    >
      <TextField
        label={t("url")}
        hint={t("urlHint")}
        type="url"
        value={draft.url}
        onChange={(url) => set({ url })}
        problem={refusal?.of("url")}
        autoFocus
      />
      <TextField
        label={t("description")}
        value={draft.description}
        onChange={(description) => set({ description })}
        problem={refusal?.of("description")}
        maxLength={200}
      />
      <DocumentFields draft={draft} onChange={set} refusal={refusal} />
      <fieldset className="flex flex-col gap-1">
        <legend className="mb-1 font-medium text-sm">{t("sees")}</legend>
        <Checkbox isSelected isDisabled>
          {t("permissions.READ_CONVERSATIONS")}
        </Checkbox>
        {MORE.map((permission) => (
          <Checkbox
            key={permission}
            isSelected={draft.permissions.includes(permission)}
            onChange={(isChosen) => {
              const others = draft.permissions.filter((one) => one !== permission);
              set({ permissions: isChosen ? [...others, permission] : others });
            }}
          >
            {t(`permissions.${permission}`)}
          </Checkbox>
        ))}
        {refusal?.of("grants") && <p className="text-danger text-xs">{refusal.of("grants")}</p>}
      </fieldset>
    </FormDialog>
  );
}

interface DocumentFieldsProps {
  readonly draft: Draft;
  readonly onChange: (part: Partial<Draft>) => void;
  readonly refusal: Refusal | null;
}

/** The subscription whose results are sent: a ready one, or one's own. */
function DocumentFields({ draft, onChange, refusal }: DocumentFieldsProps) {
  const t = useTranslations("connections.webhooks");
  const ready = READY.find((one) => documentOf(one) === draft.document);
  return (
    <>
      <Select
        label={t("tells")}
        value={ready ?? "own"}
        onChange={(chosen) => chosen !== "own" && onChange({ document: documentOf(chosen) })}
        choices={[...READY, "own" as const].map((id) => ({ id, label: t(`ready.${id}`) }))}
      />
      <TextField
        label={t("document")}
        hint={t("documentHint")}
        className="[&_textarea]:font-mono [&_textarea]:text-xs"
        lines={9}
        value={draft.document}
        onChange={(document) => onChange({ document })}
        problem={refusal?.of("document")}
        spellCheck="false"
      />
      <TextField
        label={t("variables")}
        className="[&_textarea]:font-mono [&_textarea]:text-xs"
        lines={2}
        placeholder="{}"
        value={draft.variables}
        onChange={(variables) => onChange({ variables })}
        problem={isObject(draft.variables) ? refusal?.of("variables") : t("variablesProblem")}
        spellCheck="false"
      />
    </>
  );
}

/** Whether a text is a JSON object, or says nothing. */
function isObject(text: string): boolean {
  if (text.trim() === "") return true;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}

function inputOf({ url, description, document, variables, permissions }: Draft) {
  const grants = ["READ_CONVERSATIONS" as const, ...MORE.filter((permission) => permissions.includes(permission))].map(
    (permission): GrantInput => ({ permission, scope: "ALL" }),
  );
  return { url, description, document, variables: variables.trim() ? JSON.parse(variables) : {}, grants };
}

/** Make a webhook, whose secret is told once, or change the one of this id. */
function useSave(
  id: string | undefined,
  onSecret: WebhookDialogProps["onSecret"],
): [(draft: Draft) => Promise<unknown>, boolean] {
  const [create, isCreating] = useChange<WebhookDialogCreateMutation>(graphql`
    mutation WebhookDialogCreateMutation($input: CreateWebhookInput!) {
      createWebhook(input: $input) {
        ... on CreateWebhookSuccess {
          secret
          webhook {
            id
            ...Webhooks_webhook
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
  const [change, isChanging] = useChange<WebhookDialogChangeMutation>(graphql`
    mutation WebhookDialogChangeMutation($input: ChangeWebhookInput!) {
      changeWebhook(input: $input) {
        ... on ChangeWebhookSuccess {
          webhook {
            ...Webhook_webhook
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
  const save = async (draft: Draft): Promise<void> => {
    if (id) {
      await change({ input: { webhookId: id, ...inputOf(draft) } });
      return;
    }
    const made = await create({ input: inputOf(draft) }, { updater: added("createWebhook", "webhook", "webhooks") });
    onSecret?.(made.secret ?? null);
  };
  return [save, isCreating || isChanging];
}
