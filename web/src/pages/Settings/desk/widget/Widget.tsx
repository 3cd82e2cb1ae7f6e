/** The chat on other sites: how it looks in each inbox, how that reads, and the line that puts it there. */
import { MessageCircle } from "lucide-react";
import { useState } from "react";
import { graphql, useLazyLoadQuery } from "react-relay";
import { useTranslations } from "use-intl";
import type { WidgetInboxesQuery } from "~/__generated__/WidgetInboxesQuery.graphql";
import type { WidgetQuery } from "~/__generated__/WidgetQuery.graphql";
import { Select } from "~/components/Choice";
import { EmptyState } from "~/components/Feedback";
import { Page, Section } from "~/components/Page";
import { Copied } from "../parts/Copied";
import { LookForm } from "./LookForm";

export default function Widget() {
  const t = useTranslations("desk.widget");
  const [chosen, setChosen] = useState<string | null>(null);
  const { inboxes } = useLazyLoadQuery<WidgetInboxesQuery>(
    graphql`
      query WidgetInboxesQuery {
        inboxes {
          id
          name
          channel
        }
      }
    `,
    {},
    { fetchPolicy: "store-and-network" },
  );
  const chats = inboxes.filter(({ channel }) => channel === "CHAT");
  const inbox = chats.find(({ id }) => id === chosen) ?? chats[0];
  return (
    <Page title={t("title")} about={t("about")}>
      {!inbox && (
        <Section>
          <EmptyState icon={MessageCircle} title={t("empty")} hint={t("emptyHint")} />
        </Section>
      )}
      {chats.length > 1 && inbox && (
        <Select
          label={t("inbox")}
          className="max-w-72"
          value={inbox.id}
          onChange={setChosen}
          choices={chats.map(({ id, name }) => ({ id, label: name }))}
        />
      )}
      {inbox && <One key={inbox.id} inboxId={inbox.id} />}
    </Page>
  );
}

function One({ inboxId }: { readonly inboxId: string }) {
  const t = useTranslations("desk.widget");
  const [version, setVersion] = useState(0);
  const { widget } = useLazyLoadQuery<WidgetQuery>(
    graphql`
      query WidgetQuery($inboxId: ID!) {
        widget(inboxId: $inboxId) {
          ...LookForm_widget
        }
      }
    `,
    { inboxId },
    { fetchPolicy: "store-and-network" },
  );
  const line = `<script src="${location.origin}/widget.js" data-inbox="${inboxId}" async></script>`;
  if (!widget) return null;
  return (
    <>
      <Section title={t("look")}>
        <LookForm inboxId={inboxId} widget={widget} onSaved={() => setVersion(version + 1)} />
      </Section>
      <Section title={t("install")} about={t("installHint")}>
        <Copied label={t("install")} text={line} />
      </Section>
      <Section title={t("preview")} about={t("previewHint")}>
        <iframe
          key={version}
          title={t("preview")}
          src={`/widget?inbox=${encodeURIComponent(inboxId)}`}
          className="h-[36rem] w-full max-w-96 rounded-lg border border-line"
        />
      </Section>
    </>
  );
}
