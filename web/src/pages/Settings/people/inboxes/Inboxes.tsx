/** Where conversations come in. */
import { Inbox as InboxIcon, Mail, MessageCircle, Pencil, Plug, Plus, Smartphone } from "lucide-react";
import { useState } from "react";
import { graphql, useFragment, useLazyLoadQuery } from "react-relay";
import { useTranslations } from "use-intl";
import type { Inboxes_inbox$data, Inboxes_inbox$key } from "~/__generated__/Inboxes_inbox.graphql";
import type { InboxesQuery } from "~/__generated__/InboxesQuery.graphql";
import { useMay } from "~/app/viewer";
import { Badge } from "~/components/Badge";
import { Button, ButtonLink, IconButton } from "~/components/Button";
import { EmptyState } from "~/components/Feedback";
import { Page, Section } from "~/components/Page";
import { List, ListItem } from "~/components/Table";
import { useLanguageName } from "../organization/Languages";
import { InboxDialog } from "./InboxDialog";

const ICONS = { CHAT: MessageCircle, EMAIL: Mail, SMS: Smartphone, API: Plug };

export default function Inboxes() {
  const t = useTranslations("people.inboxes");
  const mayManage = useMay("MANAGE_INBOXES");
  const mayRoute = useMay("MANAGE_ROUTING");
  const [editing, setEditing] = useState<"new" | Inboxes_inbox$data | null>(null);
  const { inboxes } = useLazyLoadQuery<InboxesQuery>(
    graphql`
      query InboxesQuery {
        inboxes {
          id
          ...Inboxes_inbox
        }
      }
    `,
    {},
    { fetchPolicy: "store-and-network" },
  );
  const actions = mayManage && (
    <>
      <ButtonLink to="/start">{t("widget")}</ButtonLink>
      <Button look="primary" icon={Plus} onPress={() => setEditing("new")}>
        {t("create")}
      </Button>
    </>
  );
  return (
    <Page title={t("title")} about={t("about")} actions={actions}>
      <Section>
        {inboxes.length === 0 ? (
          <EmptyState icon={InboxIcon} title={t("empty")} hint={t("emptyHint")} />
        ) : (
          <List label={t("title")}>
            {inboxes.map((inbox) => (
              <Row key={inbox.id} inbox={inbox} mayChange={mayManage || mayRoute} onEdit={setEditing} />
            ))}
          </List>
        )}
      </Section>
      {editing && <InboxDialog inbox={editing === "new" ? null : editing} onClose={() => setEditing(null)} />}
    </Page>
  );
}

interface RowProps {
  readonly inbox: Inboxes_inbox$key;
  readonly mayChange: boolean;
  readonly onEdit: (inbox: Inboxes_inbox$data) => void;
}

function Row({ inbox: key, mayChange, onEdit }: RowProps) {
  const t = useTranslations("people.inboxes");
  const act = useTranslations("app.act");
  const languageName = useLanguageName();
  const inbox = useFragment(
    graphql`
      fragment Inboxes_inbox on Inbox {
        id
        name
        channel
        assistantEnabled
        routingNeeds {
          language
          topic
        }
      }
    `,
    key,
  );
  const Icon = ICONS[inbox.channel];
  const needs = [inbox.routingNeeds?.language && languageName(inbox.routingNeeds.language), inbox.routingNeeds?.topic];
  const title = (
    <span className="flex items-center gap-2">
      <span className="truncate">{inbox.name}</span>
      <Badge tone={inbox.assistantEnabled ? "assistant" : "neutral"}>
        {t(inbox.assistantEnabled ? "assistantOn" : "assistantOff")}
      </Badge>
    </span>
  );
  return (
    <ListItem
      mark={<Icon size={16} aria-hidden className="text-ink-muted" />}
      title={title}
      detail={[t(`channels.${inbox.channel}`), ...needs].filter(Boolean).join(" · ")}
      actions={mayChange && <IconButton icon={Pencil} label={act("edit")} onPress={() => onEdit(inbox)} />}
    />
  );
}
