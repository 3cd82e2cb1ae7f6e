/** Making an inbox, or changing its name, who answers there and what its conversations need. */
import { useState } from "react";
import { graphql } from "react-relay";
import { useTranslations } from "use-intl";
import type { InboxDialogChangeMutation } from "~/__generated__/InboxDialogChangeMutation.graphql";
import type { Channel, InboxDialogCreateMutation } from "~/__generated__/InboxDialogCreateMutation.graphql";
import type { InboxDialogNeedsMutation } from "~/__generated__/InboxDialogNeedsMutation.graphql";
import type { Inboxes_inbox$data } from "~/__generated__/Inboxes_inbox.graphql";
import { useMay } from "~/app/viewer";
import { Refusal, useChange } from "~/changes";
import { Select, Switch } from "~/components/Choice";
import { FormDialog } from "~/components/Dialog";
import { TextField } from "~/components/Field";
import { joining } from "../parts/lists";

const CHANNELS: readonly Channel[] = ["CHAT", "EMAIL", "SMS", "API"];

interface InboxDialogProps {
  readonly inbox: Inboxes_inbox$data | null;
  readonly onClose: () => void;
}

export function InboxDialog({ inbox, onClose }: InboxDialogProps) {
  const t = useTranslations("people.inboxes");
  const act = useTranslations("app.act");
  const mayManage = useMay("MANAGE_INBOXES");
  const mayRoute = useMay("MANAGE_ROUTING");
  const [form, setForm] = useState(() => formOf(inbox));
  const [refusal, setRefusal] = useState<Refusal>();
  const [save, isBusy] = useSave(inbox, mayManage, mayRoute);
  const put = (part: Partial<Form>): void => setForm({ ...form, ...part });
  const submit = async (): Promise<void> => {
    setRefusal(undefined);
    await save(form).catch((error: unknown) => {
      if (error instanceof Refusal) setRefusal(error);
      throw error;
    });
  };
  return (
    <FormDialog
      isOpen
      title={t(inbox ? "change" : "create")}
      submit={inbox ? undefined : act("create")}
      isBusy={isBusy}
      isDisabled={form.name.trim() === ""}
      onSubmit={submit}
      onClose={onClose}
    >
      {mayManage && (
        <TextField
          label={t("name")}
          value={form.name}
          onChange={(name) => put({ name })}
          problem={refusal?.of("name")}
          autoFocus
        />
      )}
      {!inbox && (
        <Select
          label={t("channel")}
          hint={t("channelHint")}
          value={form.channel}
          onChange={(channel) => put({ channel })}
          choices={CHANNELS.map((id) => ({ id, label: t(`channels.${id}`) }))}
        />
      )}
      {mayManage && inbox && (
        <Switch isSelected={form.assistantEnabled} onChange={(assistantEnabled) => put({ assistantEnabled })}>
          {t("assistant")}
        </Switch>
      )}
      {mayRoute && inbox && <Needs form={form} refusal={refusal} onChange={put} />}
    </FormDialog>
  );
}

interface NeedsProps {
  readonly form: Form;
  readonly refusal: Refusal | undefined;
  readonly onChange: (part: Partial<Form>) => void;
}

function Needs({ form, refusal, onChange }: NeedsProps) {
  const t = useTranslations("people.inboxes");
  return (
    <fieldset className="grid gap-4 sm:grid-cols-2">
      <legend className="mb-2 font-semibold">{t("needs")}</legend>
      <TextField
        label={t("language")}
        hint={t("languageHint")}
        value={form.language}
        onChange={(language) => onChange({ language })}
        problem={refusal?.of("language")}
      />
      <TextField
        label={t("topic")}
        hint={t("topicHint")}
        value={form.topic}
        onChange={(topic) => onChange({ topic })}
        problem={refusal?.of("topic")}
      />
    </fieldset>
  );
}

interface Form {
  readonly name: string;
  readonly channel: Channel;
  readonly assistantEnabled: boolean;
  readonly language: string;
  readonly topic: string;
}

function formOf(inbox: Inboxes_inbox$data | null): Form {
  return {
    name: inbox?.name ?? "",
    channel: inbox?.channel ?? "CHAT",
    assistantEnabled: inbox?.assistantEnabled ?? true,
    language: inbox?.routingNeeds?.language ?? "",
    topic: inbox?.routingNeeds?.topic ?? "",
  };
}

/** Make an inbox, or change this one; only what is another than before is sent. */
function useSave(
  inbox: Inboxes_inbox$data | null,
  mayManage: boolean,
  mayRoute: boolean,
): [(form: Form) => Promise<unknown>, boolean] {
  const [create, isCreating] = useCreate();
  const [change, isChanging] = useInboxChange();
  const [need, isNeeding] = useNeeds();
  const save = async ({ name, channel, assistantEnabled, language, topic }: Form): Promise<unknown> => {
    if (!inbox) return create({ input: { name, channel } }, { updater: joining("inboxes", "createInbox", "inbox") });
    const before = formOf(inbox);
    const isOther = name !== before.name || assistantEnabled !== before.assistantEnabled;
    if (mayManage && isOther) await change({ input: { inboxId: inbox.id, name, assistantEnabled } });
    if (mayRoute && (language !== before.language || topic !== before.topic))
      await need({ input: { inboxId: inbox.id, language: language || null, topic: topic || null } });
    return undefined;
  };
  return [save, isCreating || isChanging || isNeeding];
}

function useCreate() {
  return useChange<InboxDialogCreateMutation>(graphql`
    mutation InboxDialogCreateMutation($input: CreateInboxInput!) {
      createInbox(input: $input) {
        ... on CreateInboxSuccess {
          inbox {
            id
            ...Inboxes_inbox
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
}

export function useInboxChange() {
  return useChange<InboxDialogChangeMutation>(graphql`
    mutation InboxDialogChangeMutation($input: ChangeInboxInput!) {
      changeInbox(input: $input) {
        ... on ChangeInboxSuccess {
          inbox {
            ...Inboxes_inbox
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
}

function useNeeds() {
  return useChange<InboxDialogNeedsMutation>(graphql`
    mutation InboxDialogNeedsMutation($input: SetInboxNeedsInput!) {
      setInboxNeeds(input: $input) {
        ... on SetInboxNeedsSuccess {
          inbox {
            ...Inboxes_inbox
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
}
