/** How inboxes are connected to the world outside: mail, text messages, and what machines bring. */
import { Mail, MessageSquare, Plug, Smartphone } from "lucide-react";
import { useState } from "react";
import { graphql, useFragment, useLazyLoadQuery } from "react-relay";
import { useTranslations } from "use-intl";
import type { Channels_account$data, Channels_account$key } from "~/__generated__/Channels_account.graphql";
import type { Channel, ChannelsQuery } from "~/__generated__/ChannelsQuery.graphql";
import { Badge } from "~/components/Badge";
import { Button } from "~/components/Button";
import { EmptyState, Notice } from "~/components/Feedback";
import { Page, Section } from "~/components/Page";
import { Connected } from "./Connected";
import { EmailDialog } from "./EmailDialog";
import { type Inlet, InletDialog } from "./InletDialog";
import { SmsDialog } from "./SmsDialog";

const ICONS: Record<Channel, typeof Mail> = { CHAT: MessageSquare, EMAIL: Mail, SMS: Smartphone, API: Plug };

export type Account = Channels_account$data;

export interface Inbox {
  readonly id: string;
  readonly name: string;
  readonly channel: Channel;
}

export default function Channels() {
  const t = useTranslations("connections.channels");
  const { inboxes, channelAccounts } = useLazyLoadQuery<ChannelsQuery>(
    graphql`
      query ChannelsQuery {
        inboxes {
          id
          name
          channel
        }
        channelAccounts {
          id
          inbox {
            id
          }
          ...Channels_account
        }
      }
    `,
    {},
    { fetchPolicy: "store-and-network" },
  );
  return (
    <Page title={t("title")} about={t("about")}>
      {inboxes.length === 0 && (
        <Section>
          <EmptyState icon={Plug} title={t("empty")} hint={t("emptyHint")} />
        </Section>
      )}
      {inboxes.map((inbox) => {
        const account = channelAccounts.find((one) => one.inbox?.id === inbox.id);
        return <Card key={inbox.id} inbox={inbox} account={account ?? null} />;
      })}
    </Page>
  );
}

interface CardProps {
  readonly inbox: Inbox;
  readonly account: Channels_account$key | null;
}

function Card({ inbox, account: key }: CardProps) {
  const t = useTranslations("connections.channels");
  const account = useFragment(
    graphql`
      fragment Channels_account on ChannelAccount {
        id
        channel
        address
        enabled
        keptSecrets
        problem
        email {
          name
          imap {
            host
            port
            user
          }
          smtp {
            host
            port
            user
          }
          dkimDomain
          dkimSelector
          signature
          trustedServer
          plusAddressing
        }
        sms {
          accountSid
          baseUrl
        }
      }
    `,
    key,
  );
  const [isEditing, setEditing] = useState(false);
  const [inlet, setInlet] = useState<Inlet | null>(null);
  const Icon = ICONS[inbox.channel];
  const needsConnection = inbox.channel === "EMAIL" || inbox.channel === "SMS";
  const edit = (): void => setEditing(true);
  const close = (): void => setEditing(false);
  return (
    <section className="rounded-xl border border-line bg-surface px-5 py-4">
      <div className="flex flex-wrap items-center gap-2">
        <Icon size={16} aria-hidden className="text-ink-muted" />
        <h2 className="font-semibold">{inbox.name}</h2>
        <Badge>{t(`kinds.${inbox.channel}`)}</Badge>
        <span className="flex-1" />
        {needsConnection && !account && (
          <Button look="primary" onPress={edit}>
            {t("connect")}
          </Button>
        )}
      </div>
      {account?.problem && (
        <Notice tone="danger" className="mt-3">
          {account.problem}
        </Notice>
      )}
      {account ? (
        <Connected inboxId={inbox.id} account={account} onEdit={edit} onInlet={setInlet} />
      ) : (
        <p className="mt-2 text-ink-muted">{t(`hints.${inbox.channel}`)}</p>
      )}
      {isEditing && inbox.channel === "EMAIL" && (
        <EmailDialog inboxId={inbox.id} account={account ?? null} onInlet={setInlet} onClose={close} />
      )}
      {isEditing && inbox.channel === "SMS" && (
        <SmsDialog inboxId={inbox.id} account={account ?? null} onClose={close} />
      )}
      <InletDialog inboxId={inbox.id} inlet={inlet} onClose={() => setInlet(null)} />
    </section>
  );
}
