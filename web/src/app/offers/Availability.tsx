/** Whether the person is offered conversations, how many they have, and the switch for it. */
import { graphql, useLazyLoadQuery } from "react-relay";
import { useTranslations } from "use-intl";
import type { AvailabilityChangeMutation } from "~/__generated__/AvailabilityChangeMutation.graphql";
import type { AvailabilityQuery } from "~/__generated__/AvailabilityQuery.graphql";
import { useCommands } from "~/app/commands";
import { useChange } from "~/changes";
import { cx } from "~/components/style";
import { useTellProblem } from "~/components/Toast";

export function Availability() {
  const t = useTranslations("app.availability");
  const group = useTranslations("app.account")("menu");
  const { viewer } = useLazyLoadQuery<AvailabilityQuery>(
    graphql`
      query AvailabilityQuery {
        viewer {
          agent {
            id
            availability {
              status
              capacity
              load
            }
          }
        }
      }
    `,
    {},
    { fetchPolicy: "store-or-network" },
  );
  const tellProblem = useTellProblem();
  const [change, isBusy] = useChange<AvailabilityChangeMutation>(graphql`
    mutation AvailabilityChangeMutation($input: SetAvailabilityInput!) {
      setAvailability(input: $input) {
        ... on SetAvailabilitySuccess {
          agent {
            id
            availability {
              status
              capacity
              load
            }
          }
        }
        ... on Error {
          code
          message
        }
      }
    }
  `);
  const availability = viewer.agent?.availability;
  const isOnline = availability?.status === "ONLINE";
  const toggle = (): void => {
    change({ input: { status: isOnline ? "AWAY" : "ONLINE" } }).catch(tellProblem);
  };
  useCommands([{ id: "availability", title: t(isOnline ? "goAway" : "goOnline"), group, run: toggle }]);
  if (!availability) return null;
  return (
    <button
      type="button"
      role="switch"
      aria-checked={isOnline}
      aria-label={t("label")}
      aria-disabled={isBusy}
      onClick={() => !isBusy && toggle()}
      className="mx-2 flex min-h-9 items-center gap-2.5 rounded-md px-2 text-start text-sm hover:bg-hover"
    >
      <span
        aria-hidden
        className={cx(
          "flex h-4 w-7 shrink-0 rounded-full p-0.5",
          isOnline ? "justify-end bg-accent" : "bg-line-strong",
        )}
      >
        <span className="size-3 rounded-full bg-white" />
      </span>
      <span className="min-w-0 flex-1 truncate">{t(isOnline ? "online" : "away")}</span>
      <span className="text-ink-faint text-xs tabular-nums">
        <span aria-hidden>
          {availability.load}/{availability.capacity}
        </span>
        <span className="sr-only">{t("load", { load: availability.load, capacity: availability.capacity })}</span>
      </span>
    </button>
  );
}
