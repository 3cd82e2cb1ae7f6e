/** Everything that happened to a customer and in their conversations, the newest first. */

import {
  CircleCheck,
  CircleDot,
  Hand,
  History,
  type LucideIcon,
  MessageSquare,
  Star,
  StickyNote,
  Tags,
  UserRound,
} from "lucide-react";
import { startTransition, useEffect, useRef } from "react";
import { graphql, useFragment, usePaginationFragment } from "react-relay";
import { useTranslations } from "use-intl";
import type { Timeline_customer$key } from "~/__generated__/Timeline_customer.graphql";
import type { Timeline_entry$data, Timeline_entry$key } from "~/__generated__/Timeline_entry.graphql";
import type { TimelineQuery } from "~/__generated__/TimelineQuery.graphql";
import { Link } from "~/app/navigation";
import { Ago } from "~/components/Badge";
import { Button } from "~/components/Button";
import { EmptyState } from "~/components/Feedback";
import { cx } from "~/components/style";
import { unmarked } from "~/pages/Inbox/list/plain";
import { placeOf } from "../Inbox/place";
import { FIRST_VIEW } from "../Inbox/views/system";
import { isKnown, type Sort, sortOf, spelled } from "./happenings";

const PAGE = 30;
const ICONS: Readonly<Record<Sort, LucideIcon>> = {
  message: MessageSquare,
  note: StickyNote,
  handing: Hand,
  done: CircleCheck,
  sorting: Tags,
  person: UserRound,
  survey: Star,
  other: CircleDot,
};

export function Timeline({ customer }: { readonly customer: Timeline_customer$key }) {
  const t = useTranslations("customers");
  const act = useTranslations("app.act");
  const { data, hasNext, loadNext, isLoadingNext, refetch } = usePaginationFragment<
    TimelineQuery,
    Timeline_customer$key
  >(
    graphql`
      fragment Timeline_customer on Customer
      @refetchable(queryName: "TimelineQuery")
      @argumentDefinitions(count: { type: "Int", defaultValue: 30 }, after: { type: "String" }) {
        name
        email
        phone
        language
        zone
        blockedAt
        attributes {
          key
          value
        }
        timeline(first: $count, after: $after) @connection(key: "Timeline_timeline") {
          edges {
            cursor
            node {
              conversation {
                id
              }
              ...Timeline_entry
            }
          }
        }
      }
    `,
    customer,
  );
  const { timeline, ...profile } = data;
  // What is changed beside the timeline stands in it.
  const now = JSON.stringify(profile);
  const before = useRef(now);
  useEffect(() => {
    if (before.current === now) return;
    before.current = now;
    startTransition(() => void refetch({}, { fetchPolicy: "network-only" }));
  }, [now, refetch]);
  if (timeline.edges.length === 0) return <EmptyState icon={History} title={t("quiet")} hint={t("quietHint")} />;
  return (
    <div className="pb-2">
      <ol aria-label={t("timeline")} className="flex flex-col">
        {timeline.edges.map(({ cursor, node }, at) => (
          <Entry
            key={cursor}
            entry={node}
            isSame={node.conversation?.id === timeline.edges[at - 1]?.node.conversation?.id}
          />
        ))}
      </ol>
      {hasNext && (
        <Button look="quiet" isBusy={isLoadingNext} onPress={() => loadNext(PAGE)}>
          {act("more")}
        </Button>
      )}
    </div>
  );
}

interface EntryProps {
  readonly entry: Timeline_entry$key;
  /** In the conversation of the one above, which is named there. */
  readonly isSame: boolean;
}

function Entry({ entry: key, isSame }: EntryProps) {
  const t = useTranslations("customers");
  const entry = useFragment(
    graphql`
      fragment Timeline_entry on TimelineEntry {
        event
        at
        by
        text
        agent {
          id
          name
        }
        conversation {
          id
          subject
        }
        message {
          id
          text
        }
        note {
          id
          text
          deletedAt
        }
      }
    `,
    key,
  );
  const { event, at, by, agent, conversation } = entry;
  const sort = sortOf(event);
  const Icon = ICONS[sort];
  return (
    <li className="group relative flex gap-3 pb-4">
      <span aria-hidden className="absolute start-3.5 top-8 bottom-0 border-line border-s group-last:hidden" />
      <span
        className={cx(
          "flex size-7 shrink-0 items-center justify-center rounded-full",
          sort === "note" ? "bg-note-soft text-note" : "bg-hover text-ink-muted",
        )}
      >
        <Icon size={14} aria-hidden />
      </span>
      <div className="flex min-w-0 flex-1 flex-col gap-1 pt-1">
        <p className="flex flex-wrap items-baseline gap-x-2">
          <span className="font-medium">{isKnown(event) ? t(`event.${event}`) : spelled(event)}</span>
          <span className="text-ink-muted">{agent?.name ?? t(`by.${by}`)}</span>
          <Ago at={at} className="ms-auto shrink-0 text-ink-faint text-xs" />
        </p>
        {conversation && !isSame && (
          <p className="text-xs">
            <Link
              to={placeOf(FIRST_VIEW, conversation.id)}
              className="text-ink-muted underline-offset-2 hover:underline"
            >
              {conversation.subject || t("noSubject")}
            </Link>
          </p>
        )}
        <Said of={entry} />
      </div>
    </li>
  );
}

/** What was written with it: a message, a note, a reason. */
function Said({ of: { message, note, text } }: { readonly of: Timeline_entry$data }) {
  const t = useTranslations("customers");
  if (note?.deletedAt) return <p className="text-ink-faint italic">{t("takenBack")}</p>;
  const words = message?.text ?? note?.text ?? text;
  if (!words) return null;
  return (
    <p
      className={cx(
        "line-clamp-4 whitespace-pre-line rounded-md px-3 py-2 [overflow-wrap:anywhere]",
        note ? "bg-note-soft" : "bg-sunken",
      )}
    >
      {unmarked(words)}
    </p>
  );
}
