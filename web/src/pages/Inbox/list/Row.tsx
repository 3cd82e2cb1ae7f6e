/** One conversation in a list: who, about what, the last words, and what is pressing about it. */
import { memo } from "react";
import { graphql, useFragment } from "react-relay";
import { useTranslations } from "use-intl";
import type { Row_conversation$data, Row_conversation$key } from "~/__generated__/Row_conversation.graphql";
import { Link } from "~/app/navigation";
import { Avatar, Dot } from "~/components/Badge";
import { cx } from "~/components/style";
import { placeOf } from "../place";
import { Brief } from "./Brief";
import { Marks } from "./Marks";
import { plain } from "./plain";

/** How high each row is, in pixels: all are alike, so that ten thousand cost no more than those in sight. */
export const ROW_HEIGHT = 84;

interface RowProps {
  readonly conversation: Row_conversation$key;
  readonly view: string;
  readonly query: string;
  readonly at: number;
  /** Of how many, as far as is known. */
  readonly count: number;
  readonly isOpen: boolean;
  /** The one that Tab reaches. */
  readonly isCurrent: boolean;
  readonly isSelected: boolean;
  readonly onSelect: (id: string, isSelected: boolean) => void;
}

export const Row = memo(function Row(props: RowProps) {
  const t = useTranslations("inbox.row");
  const { conversation: key, view, query, at, count, isOpen, isCurrent, isSelected, onSelect } = props;
  const conversation = useFragment(
    graphql`
      fragment Row_conversation on Conversation {
        id
        state
        subject
        unreadCount
        lastActivityAt
        isAnswering
        customer {
          id
          name
        }
        lastMessage {
          id
          text
          author {
            __typename
          }
        }
        triage {
          tags {
            id
            name
            color
          }
        }
        ...Marks_conversation
      }
    `,
    key,
  );
  const { id, customer, subject, unreadCount } = conversation;
  const name = customer?.name || t("somebody");
  return (
    <li
      aria-setsize={count}
      aria-posinset={at + 1}
      className="group absolute inset-x-0 border-line border-b [contain:strict]"
      style={{ top: at * ROW_HEIGHT, height: ROW_HEIGHT }}
    >
      <Link
        to={placeOf(view, id) + query}
        data-row={id}
        tabIndex={isCurrent ? 0 : -1}
        aria-current={isOpen ? "true" : undefined}
        className={cx(
          "flex h-full flex-col justify-center gap-0.5 py-2 ps-13 pe-3 outline-none focus-visible:outline-2 focus-visible:-outline-offset-2",
          isOpen ? "bg-accent-soft" : isSelected ? "bg-hover" : "hover:bg-hover",
        )}
      >
        <span className="flex items-baseline gap-2">
          <span className={cx("min-w-0 flex-1 truncate", unreadCount > 0 ? "font-semibold" : "font-medium")}>
            {name}
          </span>
          <Brief at={conversation.lastActivityAt} className="shrink-0 text-ink-faint text-xs" />
        </span>
        <span className="flex items-center gap-2">
          <span className={cx("min-w-0 flex-1 truncate text-sm", unreadCount === 0 && "text-ink-muted")}>
            {subject || t("noSubject")}
          </span>
          <Unread count={unreadCount} />
        </span>
        <span className="flex h-5 items-center gap-2 text-xs">
          <LastWords of={conversation} />
          <Tags of={conversation} />
          <Marks conversation={conversation} />
        </span>
      </Link>
      <span className="absolute start-3 top-3 flex size-7 items-center justify-center">
        <span className={cx(isSelected ? "hidden" : "group-focus-within:hidden group-hover:hidden")}>
          <Avatar name={name} size={28} />
        </span>
        <input
          type="checkbox"
          tabIndex={-1}
          aria-label={t("select", { name })}
          checked={isSelected}
          onChange={(event) => onSelect(id, event.target.checked)}
          className={cx(
            "absolute inset-0 m-1.5 size-4 accent-accent",
            !isSelected && "opacity-0 group-focus-within:opacity-100 group-hover:opacity-100",
          )}
        />
      </span>
    </li>
  );
});

function Unread({ count }: { readonly count: number }) {
  const t = useTranslations("inbox.row");
  if (count === 0) return null;
  return (
    <span className="min-w-5 shrink-0 rounded-full bg-accent px-1.5 text-center font-semibold text-2xs text-on-accent">
      <span aria-hidden>{count > 99 ? "99+" : count}</span>
      <span className="sr-only">{t("unread", { count })}</span>
    </span>
  );
}

function LastWords({ of: { isAnswering, lastMessage } }: { readonly of: Row_conversation$data }) {
  const t = useTranslations("inbox.row");
  if (isAnswering)
    return <span className="min-w-0 flex-1 animate-pulse-soft truncate text-assistant">{t("answering")}</span>;
  const author = lastMessage?.author?.__typename;
  const words = plain(lastMessage?.text ?? "");
  return (
    <span className="min-w-0 flex-1 truncate text-ink-faint">
      {author === "Assistant" || author === "Agent" ? t(`by${author}`, { words }) : words}
    </span>
  );
}

/** At most two are named; a list is no place for more. */
function Tags({ of }: { readonly of: Row_conversation$data }) {
  const tags = of.triage?.tags ?? [];
  if (tags.length === 0) return null;
  return (
    <span className="flex max-w-32 shrink-0 items-center gap-1.5 text-2xs text-ink-muted">
      {tags.slice(0, 2).map((tag) => (
        <span key={tag.id} className="flex min-w-0 items-center gap-1">
          <Dot color={tag.color} />
          <span className="truncate">{tag.name}</span>
        </span>
      ))}
      {tags.length > 2 && <span>+{tags.length - 2}</span>}
    </span>
  );
}
