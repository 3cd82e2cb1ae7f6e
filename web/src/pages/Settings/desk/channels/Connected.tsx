/** A connection that is there: tried, switched, changed, ended. */
import { CheckCircle2, XCircle } from "lucide-react";
import { useState } from "react";
import { graphql } from "react-relay";
import { ROOT_ID } from "relay-runtime";
import { useTranslations } from "use-intl";
import type { ConnectedDisconnectMutation } from "~/__generated__/ConnectedDisconnectMutation.graphql";
import type { ConnectedMutation } from "~/__generated__/ConnectedMutation.graphql";
import type { ConnectedTestMutation, ConnectedTestMutation$data } from "~/__generated__/ConnectedTestMutation.graphql";
import { useChange } from "~/changes";
import { Button } from "~/components/Button";
import { Switch } from "~/components/Choice";
import { ConfirmDialog } from "~/components/Dialog";
import { Problem } from "~/components/Feedback";
import { useTellProblem } from "~/components/Toast";
import type { Account } from "./Channels";
import type { Inlet } from "./InletDialog";

type Checks = NonNullable<NonNullable<ConnectedTestMutation$data["testChannel"]>["checks"]>;

interface ConnectedProps {
  readonly inboxId: string;
  readonly account: Account;
  readonly onEdit: () => void;
  readonly onInlet: (inlet: Inlet) => void;
}

export function Connected({ inboxId, account, onEdit, onInlet }: ConnectedProps) {
  const t = useTranslations("connections.channels");
  const tellProblem = useTellProblem();
  const [isAsking, setAsking] = useState(false);
  const { change, test, disconnect, isTesting, isChanging, isDisconnecting } = useDeeds(inboxId, account.id);
  const [checks, setChecks] = useState<Checks | null>(null);
  const [problem, setProblem] = useState<unknown>(null);
  const tryIt = (): void => {
    setProblem(null);
    test().then(setChecks, setProblem);
  };
  const renew = (): void => void change({ renewInletKey: true }).then(onInlet, tellProblem);
  return (
    <div className="mt-3 flex flex-col gap-3">
      <dl className="grid grid-cols-[auto_1fr] gap-x-4 gap-y-1 text-sm">
        <Fact name={t("address")} value={account.address} />
        {account.email && (
          <>
            <Fact name="IMAP" value={serverOf(account.email.imap) ?? t("noImap")} />
            <Fact name="SMTP" value={serverOf(account.email.smtp) ?? t("ownSmtp")} />
            <Fact
              name="DKIM"
              value={account.email.dkimDomain ? `${account.email.dkimSelector} · ${account.email.dkimDomain}` : "–"}
            />
          </>
        )}
        {account.sms && <Fact name={t("accountSid")} value={account.sms.accountSid} />}
      </dl>
      <div className="flex flex-wrap items-center gap-2">
        <Switch
          isSelected={account.enabled}
          isDisabled={isChanging}
          onChange={(enabled) => void change({ enabled }).catch(tellProblem)}
        >
          {t("enabled")}
        </Switch>
        <span className="flex-1" />
        <Button onPress={tryIt} isBusy={isTesting}>
          {t("test")}
        </Button>
        <Button onPress={onEdit}>{t("change")}</Button>
        {account.email && <Button onPress={renew}>{t("renew")}</Button>}
        <Button look="quiet" onPress={() => setAsking(true)}>
          {t("disconnect")}
        </Button>
      </div>
      <Problem of={problem} />
      {checks && <CheckList checks={checks} />}
      <ConfirmDialog
        title={t("disconnectTitle", { address: account.address })}
        action={t("disconnect")}
        isOpen={isAsking}
        isBusy={isDisconnecting}
        onClose={() => setAsking(false)}
        onConfirm={disconnect}
      >
        {t("disconnectHint")}
      </ConfirmDialog>
    </div>
  );
}

function serverOf(server: { readonly host: string; readonly port: number } | null | undefined): string | undefined {
  return server ? `${server.host}:${server.port}` : undefined;
}

function Fact({ name, value }: { readonly name: string; readonly value: string }) {
  return (
    <>
      <dt className="text-ink-muted">{name}</dt>
      <dd className="min-w-0 [overflow-wrap:anywhere]">{value}</dd>
    </>
  );
}

/** Each server behind the inbox: whether it let Parley in, else why not. */
function CheckList({ checks }: { readonly checks: Checks }) {
  const t = useTranslations("connections.channels");
  return (
    <ul aria-label={t("checks")} role="status" className="flex flex-col gap-1 rounded-md bg-canvas p-3 text-sm">
      {checks.length === 0 && <li className="text-ink-muted">{t("noChecks")}</li>}
      {checks.map(({ name, state, explanation }) => {
        const isWell = state === "PASSED";
        const Icon = isWell ? CheckCircle2 : XCircle;
        return (
          <li key={name} className="flex items-start gap-2">
            <Icon
              size={16}
              aria-label={t(`states.${state}`)}
              className={isWell ? "mt-0.5 shrink-0 text-success" : "mt-0.5 shrink-0 text-danger"}
            />
            <span className="[overflow-wrap:anywhere]">
              <span className="font-medium">{name}</span> {explanation}
            </span>
          </li>
        );
      })}
    </ul>
  );
}

function useDeeds(inboxId: string, accountId: string) {
  const [alter, isChanging] = useChange<ConnectedMutation>(graphql`
    mutation ConnectedMutation($input: ChangeChannelInput!) {
      changeChannel(input: $input) {
        ... on ChangeChannelSuccess {
          inletAddress
          inletKey
          channelAccount {
            ...Channels_account
          }
        }
        ... on Error {
          code
          message
        }
      }
    }
  `);
  const [check, isTesting] = useChange<ConnectedTestMutation>(graphql`
    mutation ConnectedTestMutation($input: TestChannelInput!) {
      testChannel(input: $input) {
        ... on TestChannelSuccess {
          checks {
            name
            state
            explanation
          }
        }
        ... on Error {
          code
          message
        }
      }
    }
  `);
  const [end, isDisconnecting] = useChange<ConnectedDisconnectMutation>(graphql`
    mutation ConnectedDisconnectMutation($input: DisconnectChannelInput!) {
      disconnectChannel(input: $input) {
        ... on DisconnectChannelSuccess {
          inbox {
            id
          }
        }
        ... on Error {
          code
          message
        }
      }
    }
  `);
  const change = async (part: { enabled?: boolean; renewInletKey?: boolean }): Promise<Inlet> => {
    const { inletAddress = null, inletKey = null } = await alter({ input: { inboxId, ...part } });
    return { address: inletAddress, key: inletKey };
  };
  const test = async (): Promise<Checks> => (await check({ input: { inboxId } })).checks ?? [];
  const disconnect = (): Promise<unknown> =>
    end(
      { input: { inboxId } },
      {
        updater: (store) => {
          const root = store.get(ROOT_ID);
          const kept = root?.getLinkedRecords("channelAccounts")?.filter((one) => one?.getDataID() !== accountId);
          if (kept) root?.setLinkedRecords(kept, "channelAccounts");
        },
      },
    );
  return { change, test, disconnect, isTesting, isChanging, isDisconnecting };
}
