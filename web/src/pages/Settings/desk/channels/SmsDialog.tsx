/** An inbox being connected to text messages. */
import { useState } from "react";
import { graphql } from "react-relay";
import { useTranslations } from "use-intl";
import type { SmsDialogChangeMutation } from "~/__generated__/SmsDialogChangeMutation.graphql";
import type { SmsDialogConnectMutation } from "~/__generated__/SmsDialogConnectMutation.graphql";
import { Refusal, useChange } from "~/changes";
import { FormDialog } from "~/components/Dialog";
import { TextField } from "~/components/Field";
import { added } from "../parts/added";
import type { Account } from "./Channels";

interface SmsDialogProps {
  readonly inboxId: string;
  readonly account: Account | null;
  readonly onClose: () => void;
}

export function SmsDialog({ inboxId, account, onClose }: SmsDialogProps) {
  const t = useTranslations("connections.channels");
  const [number, setNumber] = useState(account?.address ?? "+");
  const [accountSid, setSid] = useState(account?.sms?.accountSid ?? "");
  const [authToken, setToken] = useState("");
  const [baseUrl, setUrl] = useState(account?.sms?.baseUrl ?? "https://api.twilio.com");
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  const [connect, change, isBusy] = useConnecting();
  const submit = (): Promise<unknown> => {
    const sms = { accountSid, baseUrl, authToken: authToken || null };
    const done = account
      ? change({ input: { inboxId, sms } })
      : connect(
          { input: { inboxId, number, sms } },
          { updater: added("connectSmsInbox", "channelAccount", "channelAccounts") },
        );
    return done.catch((error: unknown) => {
      if (error instanceof Refusal) setRefusal(error);
      throw error;
    });
  };
  return (
    <FormDialog
      isOpen
      title={t("connectSms")}
      submit={account ? undefined : t("connect")}
      isBusy={isBusy}
      isDisabled={accountSid === "" || (!account && authToken === "")}
      onSubmit={submit}
      onClose={onClose}
    >
      {!account && (
        <TextField
          label={t("number")}
          type="tel"
          value={number}
          onChange={setNumber}
          problem={refusal?.of("number")}
          autoFocus
        />
      )}
      <TextField label={t("accountSid")} value={accountSid} onChange={setSid} problem={refusal?.of("sms.accountSid")} />
      <TextField
        label={t("authToken")}
        hint={account ? t("secretKept") : undefined}
        type="password"
        autoComplete="off"
        value={authToken}
        onChange={setToken}
        problem={refusal?.of("sms.authToken")}
      />
      <TextField
        label={t("baseUrl")}
        type="url"
        value={baseUrl}
        onChange={setUrl}
        problem={refusal?.of("sms.baseUrl")}
      />
    </FormDialog>
  );
}

function useConnecting() {
  const [connect, isConnecting] = useChange<SmsDialogConnectMutation>(graphql`
    mutation SmsDialogConnectMutation($input: ConnectSmsInboxInput!) {
      connectSmsInbox(input: $input) {
        ... on ConnectSmsInboxSuccess {
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
  const [change, isChanging] = useChange<SmsDialogChangeMutation>(graphql`
    mutation SmsDialogChangeMutation($input: ChangeChannelInput!) {
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
