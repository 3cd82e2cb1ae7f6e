/** An inbox being connected to mail: its address, the servers in and out, and how mails are signed. */
import { useState } from "react";
import { graphql } from "react-relay";
import { useTranslations } from "use-intl";
import type { EmailDialogChangeMutation } from "~/__generated__/EmailDialogChangeMutation.graphql";
import type { EmailDialogConnectMutation } from "~/__generated__/EmailDialogConnectMutation.graphql";
import { Refusal, useChange } from "~/changes";
import { Switch } from "~/components/Choice";
import { FormDialog } from "~/components/Dialog";
import { TextField } from "~/components/Field";
import { added } from "../parts/added";
import type { Account } from "./Channels";
import { draftOf, type EmailDraft, inputOf } from "./email";
import type { Inlet } from "./InletDialog";
import { ServerFields } from "./ServerFields";

interface EmailDialogProps {
  readonly inboxId: string;
  readonly account: Account | null;
  readonly onInlet: (inlet: Inlet) => void;
  readonly onClose: () => void;
}

export function EmailDialog({ inboxId, account, onInlet, onClose }: EmailDialogProps) {
  const t = useTranslations("connections.channels");
  const [draft, setDraft] = useState(() => draftOf(account));
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  const [connect, change, isBusy] = useConnecting();
  const set = (part: Partial<EmailDraft>): void => setDraft({ ...draft, ...part });
  const kept = account?.keptSecrets ?? [];
  const send = async (): Promise<void> => {
    const email = inputOf(draft);
    if (account) {
      await change({ input: { inboxId, email } });
      return;
    }
    const { inletAddress = null, inletKey = null } = await connect(
      { input: { inboxId, address: draft.address, email } },
      { updater: added("connectEmailInbox", "channelAccount", "channelAccounts") },
    );
    onInlet({ address: inletAddress, key: inletKey });
  };
  const submit = (): Promise<unknown> =>
    send().catch((error: unknown) => {
      if (error instanceof Refusal) setRefusal(error);
      throw error;
    });
  return (
    <FormDialog
      isOpen
      size="wide"
      title={t("connectEmail")}
      submit={account ? undefined : t("connect")}
      isBusy={isBusy}
      isDisabled={!draft.address.includes("@")}
      onSubmit={submit}
      onClose={onClose}
    >
      <div className="grid gap-3 sm:grid-cols-2">
        <TextField
          label={t("address")}
          type="email"
          value={draft.address}
          onChange={(address) => set({ address })}
          isDisabled={Boolean(account)}
          problem={refusal?.of("address")}
          autoFocus
        />
        <TextField
          label={t("senderName")}
          value={draft.name}
          onChange={(name) => set({ name })}
          problem={refusal?.of("email.name")}
        />
      </div>
      <ServerFields
        kind="imap"
        server={draft.imap}
        isKept={kept.includes("imap_password")}
        onChange={(imap) => set({ imap })}
        refusal={refusal}
      />
      <ServerFields
        kind="smtp"
        server={draft.smtp}
        isKept={kept.includes("smtp_password")}
        onChange={(smtp) => set({ smtp })}
        refusal={refusal}
      />
      <DkimFields
        draft={draft}
        isKept={kept.some((name) => name.startsWith("dkim"))}
        onChange={set}
        refusal={refusal}
      />
      <TextField
        label={t("signature")}
        lines={3}
        value={draft.signature}
        onChange={(signature) => set({ signature })}
      />
      <TextField
        label={t("trustedServer")}
        hint={t("trustedServerHint")}
        value={draft.trustedServer}
        onChange={(trustedServer) => set({ trustedServer })}
        problem={refusal?.of("email.trustedServer")}
      />
      <Switch isSelected={draft.plusAddressing} onChange={(plusAddressing) => set({ plusAddressing })}>
        {t("plusAddressing")}
      </Switch>
    </FormDialog>
  );
}

interface DkimFieldsProps {
  readonly draft: EmailDraft;
  readonly isKept: boolean;
  readonly onChange: (part: Partial<EmailDraft>) => void;
  readonly refusal: Refusal | null;
}

function DkimFields({ draft: { dkim }, isKept, onChange, refusal }: DkimFieldsProps) {
  const t = useTranslations("connections.channels");
  const set = (part: Partial<NonNullable<EmailDraft["dkim"]>>): void =>
    onChange({ dkim: { domain: "", selector: "", privateKey: "", ...dkim, ...part } });
  return (
    <fieldset className="flex flex-col gap-3 rounded-md border border-line p-3">
      <legend className="sr-only">DKIM</legend>
      <Switch isSelected={dkim !== null} onChange={(isOn) => (isOn ? set({}) : onChange({ dkim: null }))}>
        {t("dkim")}
      </Switch>
      {dkim && (
        <>
          <div className="grid gap-3 sm:grid-cols-2">
            <TextField
              label={t("dkimDomain")}
              value={dkim.domain}
              onChange={(domain) => set({ domain })}
              problem={refusal?.of("email.dkim.domain")}
            />
            <TextField
              label={t("dkimSelector")}
              value={dkim.selector}
              onChange={(selector) => set({ selector })}
              problem={refusal?.of("email.dkim.selector")}
            />
          </div>
          <TextField
            label={t("privateKey")}
            hint={isKept ? t("secretKept") : t("privateKeyHint")}
            className="[&_textarea]:font-mono [&_textarea]:text-xs"
            lines={4}
            value={dkim.privateKey}
            onChange={(privateKey) => set({ privateKey })}
            problem={refusal?.of("email.dkim.privateKey")}
            spellCheck="false"
          />
        </>
      )}
    </fieldset>
  );
}

function useConnecting() {
  const [connect, isConnecting] = useChange<EmailDialogConnectMutation>(graphql`
    mutation EmailDialogConnectMutation($input: ConnectEmailInboxInput!) {
      connectEmailInbox(input: $input) {
        ... on ConnectEmailInboxSuccess {
          inletAddress
          inletKey
          channelAccount {
            id
            inbox {
              id
            }
            ...Channels_account
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
  const [change, isChanging] = useChange<EmailDialogChangeMutation>(graphql`
    mutation EmailDialogChangeMutation($input: ChangeChannelInput!) {
      changeChannel(input: $input) {
        ... on ChangeChannelSuccess {
          channelAccount {
            ...Channels_account
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
  return [connect, change, isConnecting || isChanging] as const;
}
