/** What a customer asked, the latest first. */
import { MessageSquare } from "lucide-react";
import { graphql, usePaginationFragment } from "react-relay";
import { useTranslations } from "use-intl";
import type { Conversations_customer$key } from "~/__generated__/Conversations_customer.graphql";
import type { ConversationsPageQuery } from "~/__generated__/ConversationsPageQuery.graphql";
import { Link } from "~/app/navigation";
import { Ago, Badge, TagChip, type Tone } from "~/components/Badge";
import { Button } from "~/components/Button";
import { EmptyState } from "~/components/Feedback";
import { List, ListItem } from "~/components/Table";
import { placeOf } from "../Inbox/place";
import { FIRST_VIEW } from "../Inbox/views/system";

const TONES: Readonly<Record<string, Tone>> = {
  WITH_ASSISTANT: "assistant",
  WAITING: "warning",
  WITH_PERSON: "accent",
  RESOLVED: "neutral",
};

export function Conversations({ customer }: { readonly customer: Conversations_customer$key }) {
  const t = useTranslations("customers");
  const state = useTranslations("panel.state");
  const act = useTranslations("app.act");
  const { data, hasNext, loadNext, isLoadingNext } = usePaginationFragment<
    ConversationsPageQuery,
    Conversations_customer$key
  >(
    graphql`
      fragment Conversations_customer on Customer
      @refetchable(queryName: "ConversationsPageQuery")
      @argumentDefinitions(count: { type: "Int", defaultValue: 20 }, after: { type: "String" }) {
        conversations(first: $count, after: $after) @connection(key: "Conversations_conversations") {
          edges {
            node {
              id
              subject
              state
              lastActivityAt
              assignee {
                id
                name
              }
              triage {
                tags {
                  id
                  name
                  color
                }
              }
            }
          }
        }
      }
    `,
    customer,
  );
  const all = data.conversations.edges.map(({ node }) => node);
  if (all.length === 0) return <EmptyState icon={MessageSquare} title={t("silent")} hint={t("silentHint")} />;
  return (
    <div className="pb-2">
      <List label={t("conversations")}>
        {all.map(({ id, subject, state: standing, lastActivityAt, assignee, triage }) => (
          <ListItem
            key={id}
            title={
              <Link to={placeOf(FIRST_VIEW, id)} className="hover:underline">
                {subject || t("noSubject")}
              </Link>
            }
            detail={
              <span className="flex flex-wrap items-center gap-1.5 pt-0.5">
                <Badge tone={TONES[standing]}>{state(standing)}</Badge>
                {triage?.tags.map((tag) => (
                  <TagChip key={tag.id} name={tag.name} color={tag.color} />
                ))}
                {assignee?.name}
              </span>
            }
            actions={<Ago at={lastActivityAt} className="text-ink-faint text-xs" />}
          />
        ))}
      </List>
      {hasNext && (
        <Button look="quiet" isBusy={isLoadingNext} onPress={() => loadNext(20)}>
          {act("more")}
        </Button>
      )}
    </div>
  );
}
