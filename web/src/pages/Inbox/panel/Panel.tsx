/** Beside a conversation: who asks, how it was sorted, what it is held to, what it is about, and the past. */
import { UserRound } from "lucide-react";
import { useCallback } from "react";
import { fetchQuery, graphql, useFragment, useLazyLoadQuery, useRelayEnvironment } from "react-relay";
import { useTranslations } from "use-intl";
import type { Panel_customer$key } from "~/__generated__/Panel_customer.graphql";
import type { PanelQuery } from "~/__generated__/PanelQuery.graphql";
import { Link } from "~/app/navigation";
import { Avatar } from "~/components/Badge";
import { EmptyState } from "~/components/Feedback";
import { Described } from "./attributes/Described";
import { Clocks } from "./Clocks";
import { Duplicates } from "./customer/Duplicates";
import { Known } from "./customer/Known";
import { Who } from "./customer/Who";
import { useFollowing } from "./following";
import { Origin } from "./Origin";
import { Relations } from "./Relations";
import { Story } from "./Story";
import { Sorting } from "./sorting/Sorting";
import { ToolCalls } from "./ToolCalls";
import { Waiting } from "./Waiting";

const query = graphql`
  query PanelQuery($id: ID!) {
    conversation(id: $id) {
      id
      ...following_conversation
      ...Sorting_conversation
      ...Waiting_conversation
      ...Clocks_conversation
      ...Story_conversation
      ...Described_conversation
      ...Relations_conversation
      ...ToolCalls_conversation
      ...Origin_conversation
      customer {
        id
        ...Panel_customer
        ...Who_customer
        ...Known_customer
        ...Duplicates_customer
      }
    }
    attributeDefinitions {
      id
      ...Described_definitions
      ...Known_definitions
    }
  }
`;

interface PanelProps {
  readonly id: string;
}

export default function Panel({ id }: PanelProps) {
  const t = useTranslations("panel");
  const environment = useRelayEnvironment();
  const { conversation, attributeDefinitions } = useLazyLoadQuery<PanelQuery>(
    query,
    { id },
    { fetchPolicy: "store-and-network" },
  );
  const ask = useCallback(() => {
    // What fails here is asked again with the next change.
    fetchQuery<PanelQuery>(environment, query, { id }).subscribe({ error: () => {} });
  }, [environment, id]);
  useFollowing(conversation, ask);
  if (!conversation) return <EmptyState icon={UserRound} title={t("gone")} hint={t("goneHint")} />;
  const { customer } = conversation;
  return (
    <div className="h-full overflow-y-auto">
      {customer && <Head customer={customer} />}
      <Sorting conversation={conversation} />
      <Waiting conversation={conversation} />
      <Clocks conversation={conversation} />
      {customer && (
        <>
          <Who customer={customer} />
          <Known customer={customer} definitions={attributeDefinitions} />
          <Duplicates customer={customer} />
        </>
      )}
      <Described conversation={conversation} definitions={attributeDefinitions} />
      <Story conversation={conversation} />
      <Relations conversation={conversation} />
      <ToolCalls conversation={conversation} />
      <Origin conversation={conversation} />
    </div>
  );
}

function Head({ customer: key }: { readonly customer: Panel_customer$key }) {
  const t = useTranslations("panel.customer");
  const { id, name, email } = useFragment(
    graphql`
      fragment Panel_customer on Customer {
        id
        name
        email
      }
    `,
    key,
  );
  return (
    <div className="flex items-center gap-3 border-line border-b px-4 py-3">
      <Avatar name={name || "?"} size={36} />
      <div className="min-w-0 flex-1">
        <p className="truncate font-semibold">
          <Link to={`/customers/${encodeURIComponent(id)}`} className="hover:underline">
            {name || t("nameless")}
          </Link>
        </p>
        {email && <p className="truncate text-ink-muted text-xs">{email}</p>}
      </div>
    </div>
  );
}
