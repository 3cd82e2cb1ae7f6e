/** How much the person was told and has not seen, and the way to it. */
import { Bell as BellIcon } from "lucide-react";
import { lazy, Suspense, useMemo } from "react";
import { Button as AriaButton } from "react-aria-components";
import { fetchQuery, graphql, useLazyLoadQuery, useRelayEnvironment, useSubscription } from "react-relay";
import type { GraphQLSubscriptionConfig } from "relay-runtime";
import { useTranslations } from "use-intl";
import type { BellQuery } from "~/__generated__/BellQuery.graphql";
import type { BellSubscription } from "~/__generated__/BellSubscription.graphql";
import { Skeleton } from "~/components/Feedback";
import { Popover } from "~/components/Menu";
import { Words } from "~/preferences";

const Notifications = lazy(() => import("./Notifications"));

const UNREAD = graphql`
  query BellQuery {
    unreadNotificationCount
  }
`;

export function Bell() {
  const t = useTranslations("app.bell");
  const { unreadNotificationCount: count } = useLazyLoadQuery<BellQuery>(
    UNREAD,
    {},
    { fetchPolicy: "store-and-network" },
  );
  useUnreadAnew();
  const trigger = (
    <AriaButton
      aria-label={count > 0 ? t("unread", { count }) : t("label")}
      className="relative flex size-8 items-center justify-center rounded-md text-ink-muted hover:bg-hover hover:text-ink pressed:bg-pressed"
    >
      <BellIcon size={16} aria-hidden />
      {count > 0 && (
        <span
          aria-hidden
          className="absolute -end-0.5 -top-0.5 min-w-4 rounded-full bg-danger-fill px-1 text-center font-semibold text-2xs text-on-accent"
        >
          {count > 99 ? "99+" : count}
        </span>
      )}
    </AriaButton>
  );
  return (
    <Popover trigger={trigger} label={t("label")} className="w-96 max-w-[calc(100vw-1rem)]">
      {(close) => (
        <Suspense fallback={<Skeleton className="p-2" lines={5} />}>
          <Words areas={["notifications"]}>
            <Notifications unread={count} onGo={close} />
          </Words>
        </Suspense>
      )}
    </Popover>
  );
}

/** Count again whenever something was told or seen. */
function useUnreadAnew(): void {
  const environment = useRelayEnvironment();
  const config = useMemo<GraphQLSubscriptionConfig<BellSubscription>>(
    () => ({
      subscription: graphql`
        subscription BellSubscription($after: String) {
          notificationsChanged(after: $after) {
            __typename
            ... on NotificationEvent {
              cursor
            }
            ... on ResyncRequired {
              cursor
            }
          }
        }
      `,
      variables: {},
      onNext: () => {
        fetchQuery<BellQuery>(environment, UNREAD, {}).subscribe({});
      },
    }),
    [environment],
  );
  useSubscription(config);
}
