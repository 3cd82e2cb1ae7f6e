/** The latest that the person was told, beneath the bell. */
import { BellOff, CheckCheck } from "lucide-react";
import { graphql, useFragment, useLazyLoadQuery } from "react-relay";
import { ROOT_ID } from "relay-runtime";
import { useTranslations } from "use-intl";
import type { Notifications_item$key } from "~/__generated__/Notifications_item.graphql";
import type { NotificationsQuery } from "~/__generated__/NotificationsQuery.graphql";
import type { NotificationsReadMutation } from "~/__generated__/NotificationsReadMutation.graphql";
import { Link } from "~/app/navigation";
import { useChange } from "~/changes";
import { Ago } from "~/components/Badge";
import { Button } from "~/components/Button";
import { EmptyState } from "~/components/Feedback";
import { cx } from "~/components/style";
import { useTellProblem } from "~/components/Toast";

interface NotificationsProps {
  /** How much is unread: another number asks anew. */
  readonly unread: number;
  readonly onGo: () => void;
}

export default function Notifications({ unread, onGo }: NotificationsProps) {
  const t = useTranslations("notifications.bell");
  const { notifications } = useLazyLoadQuery<NotificationsQuery>(
    graphql`
      query NotificationsQuery {
        notifications(first: 20) {
          nodes {
            id
            readAt
            ...Notifications_item
          }
        }
      }
    `,
    {},
    { fetchPolicy: "store-and-network", fetchKey: unread },
  );
  const read = useRead(notifications.nodes.map(({ id }) => id));
  return (
    <div className="flex flex-col gap-1">
      <div className="flex min-h-8 items-center justify-between ps-2">
        <h2 className="font-semibold">{t("title")}</h2>
        {unread > 0 && (
          <Button look="quiet" icon={CheckCheck} onPress={() => read()}>
            {t("readAll")}
          </Button>
        )}
      </div>
      {notifications.nodes.length === 0 ? (
        <EmptyState icon={BellOff} title={t("empty")} hint={t("emptyHint")} />
      ) : (
        <ul className="flex max-h-[60vh] flex-col overflow-y-auto">
          {notifications.nodes.map((notification) => (
            <Item
              key={notification.id}
              notification={notification}
              onGo={() => {
                if (!notification.readAt) read(notification.id);
                onGo();
              }}
            />
          ))}
        </ul>
      )}
      <Link
        to="/me/notifications"
        onClick={onGo}
        className="rounded-md px-2 py-1.5 text-center text-accent-ink text-sm hover:bg-hover"
      >
        {t("all")}
      </Link>
    </div>
  );
}

function Item({
  notification: key,
  onGo,
}: {
  readonly notification: Notifications_item$key;
  readonly onGo: () => void;
}) {
  const t = useTranslations("notifications.bell");
  const { agent, conversation, createdAt, kind, readAt } = useFragment(
    graphql`
      fragment Notifications_item on Notification {
        kind
        createdAt
        readAt
        agent {
          id
          name
        }
        conversation {
          id
          subject
        }
      }
    `,
    key,
  );
  return (
    <li>
      <Link
        to={conversation ? `/inbox/open/${encodeURIComponent(conversation.id)}` : "/me/notifications"}
        onClick={onGo}
        className="flex gap-2.5 rounded-md px-2 py-2 hover:bg-hover"
      >
        <span
          aria-hidden
          className={cx("mt-1.5 size-2 shrink-0 rounded-full", readAt ? "bg-transparent" : "bg-accent")}
        />
        <span className="min-w-0 flex-1">
          <span className={cx("block", !readAt && "font-medium")}>
            {!readAt && <span className="sr-only">{t("unread")} </span>}
            {t(`kind.${kind}`, { name: agent?.name ?? t("somebody") })}
          </span>
          {conversation?.subject && <span className="block truncate text-ink-muted">{conversation.subject}</span>}
          <Ago at={createdAt} className="text-ink-faint text-xs" />
        </span>
      </Link>
    </li>
  );
}

/** Mark one as seen, or everything. */
function useRead(shown: readonly string[]): (id?: string) => void {
  const tellProblem = useTellProblem();
  const [mark] = useChange<NotificationsReadMutation>(graphql`
    mutation NotificationsReadMutation($input: MarkNotificationsReadInput!) {
      markNotificationsRead(input: $input) {
        ... on MarkNotificationsReadSuccess {
          unreadCount
        }
        ... on Error {
          code
          message
        }
      }
    }
  `);
  return (id) => {
    const at = new Date().toISOString();
    mark(
      { input: id ? { ids: [id] } : {} },
      {
        updater: (store) => {
          const count = store.getRootField("markNotificationsRead")?.getValue("unreadCount");
          if (typeof count !== "number") return;
          store.get(ROOT_ID)?.setValue(count, "unreadNotificationCount");
          for (const one of id ? [id] : shown) store.get(one)?.setValue(at, "readAt");
        },
      },
    ).catch(tellProblem);
  };
}
