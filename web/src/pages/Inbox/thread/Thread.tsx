/** One conversation: what was said, what happens in it, and what one says. */
import { MessageSquareOff } from "lucide-react";
import { lazy, Suspense, useMemo, useState } from "react";
import { fetchQuery, graphql, useLazyLoadQuery, useRelayEnvironment } from "react-relay";
import { useTranslations } from "use-intl";
import type { ThreadQuery, ThreadQuery$data } from "~/__generated__/ThreadQuery.graphql";
import { useViewer } from "~/app/viewer";
import { EmptyState } from "~/components/Feedback";
import { Composer } from "./composer/Composer";
import { useSending } from "./composer/sending/useSending";
import { useLive } from "./live/follow";
import { usePresence, useSignals } from "./live/signals";
import { type Opened, SheetsContext } from "./sheets/sheets";
import { ThreadHeader } from "./ThreadHeader";
import { ThreadTimeline } from "./timeline/ThreadTimeline";
import { Writing } from "./timeline/Writing";
import { Typing, Watchers } from "./Watchers";

const Sheets = lazy(() => import("./sheets/Sheets"));

interface ThreadProps {
  readonly id: string;
}

const QUERY = graphql`
  query ThreadQuery($id: ID!) {
    conversation(id: $id) {
      id
      cursor
      isAnswering
      unreadCount
      ...ThreadHeader_conversation
      ...ThreadTimeline_conversation
      ...Composer_conversation
    }
  }
`;

export default function Thread({ id }: ThreadProps) {
  return <Found key={id} id={id} />;
}

function Found({ id }: ThreadProps) {
  const t = useTranslations("conversation");
  const { conversation } = useLazyLoadQuery<ThreadQuery>(QUERY, { id }, { fetchPolicy: "store-and-network" });
  if (!conversation) return <EmptyState icon={MessageSquareOff} title={t("gone")} hint={t("goneHint")} />;
  return <Open conversation={conversation} />;
}

interface OpenProps {
  readonly conversation: NonNullable<ThreadQuery$data["conversation"]>;
}

function Open({ conversation }: OpenProps) {
  const { id } = conversation;
  const environment = useRelayEnvironment();
  const me = useViewer().agent?.id;
  const live = useLive(id, conversation.cursor, {
    onResync: () => fetchQuery<ThreadQuery>(environment, QUERY, { id }, { fetchPolicy: "network-only" }).subscribe({}),
  });
  const people = useSignals(id, me);
  usePresence(id, conversation.unreadCount);
  const sending = useSending(id);
  const [sheet, setSheet] = useState<Opened | null>(null);
  const sheets = useMemo(() => ({ open: setSheet }), []);
  const [edited, setEdited] = useState<{ readonly text: string; readonly kind: "reply" | "note" } | null>(null);
  return (
    <SheetsContext value={sheets}>
      <article className="flex h-full min-w-0 flex-1 flex-col bg-canvas">
        <ThreadHeader conversation={conversation} watchers={<Watchers people={people} />} />
        <ThreadTimeline
          conversation={conversation}
          live={live}
          me={me}
          unsent={sending.unsent}
          onRetry={sending.retry}
          onEdit={(item) => {
            sending.drop(item);
            setEdited(item);
          }}
          seenAt={people.find((person) => person.name === null)?.readAt ?? 0}
        >
          <Writing answering={live.answering} isAwaited={conversation.isAnswering} />
        </ThreadTimeline>
        <Typing people={people} />
        <Composer conversation={conversation} sending={sending} seenCursor={live.seenCursor} edited={edited} />
      </article>
      {sheet && (
        <Suspense fallback={null}>
          <Sheets conversationId={id} sheet={sheet} onClose={() => setSheet(null)} />
        </Suspense>
      )}
    </SheetsContext>
  );
}
