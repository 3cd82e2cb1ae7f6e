/** All there is to read of a conversation: the newest in sight, what came before as one scrolls up. */
import { ArrowDown, Check, CheckCheck } from "lucide-react";
import { Fragment, type RefObject, useEffect, useMemo, useRef, useState } from "react";
import { graphql, useFragment, usePaginationFragment } from "react-relay";
import { useFormatter, useTranslations } from "use-intl";
import type { ThreadTimeline_conversation$key } from "~/__generated__/ThreadTimeline_conversation.graphql";
import type { ThreadTimeline_noted$key } from "~/__generated__/ThreadTimeline_noted.graphql";
import type { ThreadTimelineQuery } from "~/__generated__/ThreadTimelineQuery.graphql";
import { Button } from "~/components/Button";
import { Skeleton } from "~/components/Feedback";
import type { Outgoing } from "../composer/sending/outbox";
import type { Live } from "../live/follow";
import { EventLine } from "./EventLine";
import { entriesOf } from "./entries";
import { MessageItem } from "./message/MessageItem";
import { NoteItem } from "./NoteItem";
import { Unsent } from "./Unsent";

const CONVERSATION = graphql`
  fragment ThreadTimeline_conversation on Conversation
  @refetchable(queryName: "ThreadTimelineQuery")
  @argumentDefinitions(count: { type: "Int", defaultValue: 30 }, cursor: { type: "String" }) {
    ...ThreadTimeline_noted
    messages(last: $count, before: $cursor) @connection(key: "ThreadTimeline_messages") {
      edges {
        node {
          id
          number
          createdAt
          text
          author {
            ... on Customer {
              id
              name
            }
            ... on Agent {
              id
              name
            }
            ... on Assistant {
              name
            }
          }
          ...MessageItem_message
        }
      }
    }
  }
`;

const NOTED = graphql`
  fragment ThreadTimeline_noted on Conversation {
    notes(last: 100) @connection(key: "ThreadTimeline_notes") {
      edges {
        node {
          id
          createdAt
          ...NoteItem_note
        }
      }
    }
  }
`;

interface ThreadTimelineProps {
  readonly conversation: ThreadTimeline_conversation$key;
  readonly live: Live;
  readonly me: string | undefined;
  /** When the customer last said that they had read everything, in milliseconds. */
  readonly seenAt: number;
  /** What one has said and the server does not know of yet. */
  readonly unsent: readonly Outgoing[];
  readonly onRetry: (item: Outgoing) => void;
  readonly onEdit: (item: Outgoing) => void;
  /** What is being written, beneath everything. */
  readonly children: React.ReactNode;
}

/** How many messages are added each time. */
const PAGE = 30;

export function ThreadTimeline(props: ThreadTimelineProps) {
  const { conversation, live, me, seenAt, unsent, onRetry, onEdit, children } = props;
  const t = useTranslations("conversation");
  const { data, hasPrevious, isLoadingPrevious, loadPrevious } = usePaginationFragment<
    ThreadTimelineQuery,
    ThreadTimeline_conversation$key
  >(CONVERSATION, conversation);
  const noted = useFragment<ThreadTimeline_noted$key>(NOTED, data);
  const messages = useMemo(
    () =>
      data.messages.edges.map(({ node }) => ({
        ...node,
        author: node.author ? (node.author.id ?? "assistant") : "?",
        name: node.author?.name ?? t("visitor"),
      })),
    [data, t],
  );
  const notes = useMemo(() => noted.notes.edges.map(({ node }) => node), [noted]);
  const entries = useMemo(
    () => entriesOf({ messages, notes, happenings: live.happenings, hasEarlier: hasPrevious }),
    [messages, notes, live.happenings, hasPrevious],
  );
  const scroller = useRef<HTMLElement>(null);
  const last = messages.at(-1);
  const own = last?.author === me ? last : undefined;
  const { unseen, toEnd } = useEnd(scroller, last?.number ?? 0, own?.id);
  return (
    <div className="relative min-h-0 flex-1">
      {/* Turned round, the end is where the browser keeps it: nothing jumps when something is added above or below. */}
      <section
        ref={scroller}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be scrolled by keyboard too
        tabIndex={0}
        aria-label={t("messages")}
        className="flex h-full flex-col-reverse overflow-y-auto overflow-x-hidden overscroll-contain px-4 -outline-offset-2"
      >
        <div className="mx-auto w-full max-w-3xl pt-4 pb-2">
          {hasPrevious && <Earlier root={scroller} isLoading={isLoadingPrevious} onReach={() => loadPrevious(PAGE)} />}
          <ol className="flex flex-col">
            {entries.map((entry) => {
              if (entry.kind === "day") return <Day key={entry.key} at={entry.at} />;
              if (entry.kind === "line") return <EventLine key={entry.key} happening={entry.happening} />;
              if (entry.kind === "note") return <NoteItem key={entry.key} note={entry.note} />;
              return (
                <Fragment key={entry.key}>
                  <MessageItem message={entry.message} isFirst={entry.isFirst} />
                  {entry.message === own && <Arrived isSeen={seenAt > Date.parse(own.createdAt)} />}
                </Fragment>
              );
            })}
            {children}
            {unsent
              .filter((item) => !hasArrived(item, messages, me))
              .map((item) => (
                <Unsent key={item.key} item={item} onRetry={onRetry} onEdit={onEdit} />
              ))}
          </ol>
        </div>
      </section>
      {unseen > 0 && (
        <Button
          icon={ArrowDown}
          look="primary"
          onPress={toEnd}
          className="absolute bottom-3 left-1/2 -translate-x-1/2 rounded-full shadow-popup"
        >
          {t("unseen", { count: unseen })}
        </Button>
      )}
      <p role="status" className="sr-only">
        {useNews(last, me)}
      </p>
    </div>
  );
}

/** Clocks differ by so much, in milliseconds. */
const SKEW = 5_000;

/** Whether words that are on their way stand there already: news of them may be quicker than the answer to them. */
function hasArrived(
  item: Outgoing,
  messages: readonly (News & { readonly createdAt: string })[],
  me: string | undefined,
): boolean {
  return (
    item.state === "sending" &&
    messages.some(
      ({ author, text, createdAt }) =>
        author === me && text === item.text && Date.parse(createdAt) > item.saidAt - SKEW,
    )
  );
}

/** What became of what one said last. */
function Arrived({ isSeen }: { readonly isSeen: boolean }) {
  const t = useTranslations("conversation.message");
  const Mark = isSeen ? CheckCheck : Check;
  return (
    <li className="flex items-center justify-end gap-1 pe-8 pt-1 text-ink-faint text-xs">
      <Mark size={14} aria-hidden />
      {t(isSeen ? "seen" : "sent")}
    </li>
  );
}

function Day({ at }: { readonly at: string }) {
  const format = useFormatter();
  return (
    <li className="flex items-center gap-3 pt-4 pb-1 text-ink-faint text-xs">
      <span className="h-px flex-1 bg-line" />
      <time dateTime={at}>{format.dateTime(new Date(at), { dateStyle: "full" })}</time>
      <span className="h-px flex-1 bg-line" />
    </li>
  );
}

interface EarlierProps {
  readonly root: RefObject<HTMLElement | null>;
  readonly isLoading: boolean;
  readonly onReach: () => void;
}

/** Comes into sight before one reaches the top, and loads what is above. */
function Earlier({ root, isLoading, onReach }: EarlierProps) {
  const mark = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!mark.current || isLoading) return;
    const observer = new IntersectionObserver(([entry]) => entry?.isIntersecting && onReach(), {
      root: root.current,
      rootMargin: "600px 0px 0px 0px",
    });
    observer.observe(mark.current);
    return () => observer.disconnect();
  }, [root, isLoading, onReach]);
  return (
    <div ref={mark} className="py-2">
      <Skeleton lines={3} />
    </div>
  );
}

/** So near the end one is at it. */
const NEAR = 80;

/** How many messages came while one was reading above, and the way down. What one says oneself leads down by itself. */
function useEnd(scroller: RefObject<HTMLElement | null>, newest: number, own: string | undefined) {
  const [isAtEnd, setAtEnd] = useState(true);
  const [seen, setSeen] = useState(newest);
  useEffect(() => {
    const element = scroller.current;
    if (!element) return;
    const look = (): void => setAtEnd(Math.abs(element.scrollTop) < NEAR);
    element.addEventListener("scroll", look, { passive: true });
    return () => element.removeEventListener("scroll", look);
  }, [scroller]);
  if (isAtEnd && seen !== newest) setSeen(newest);
  useEffect(() => {
    if (own) scroller.current?.scrollTo({ top: 0 });
  }, [scroller, own]);
  return {
    unseen: Math.max(0, newest - seen),
    toEnd: () => scroller.current?.scrollTo({ top: 0, behavior: "smooth" }),
  };
}

interface News {
  readonly id: string;
  readonly author: string;
  readonly name: string;
  readonly text: string;
}

/** What came last while one looked, for whoever listens: each message once, and only when it is whole. */
function useNews(last: News | undefined, me: string | undefined): string {
  const [first] = useState(last?.id);
  return last && last.id !== first && last.author !== me ? `${last.name}: ${last.text}` : "";
}
