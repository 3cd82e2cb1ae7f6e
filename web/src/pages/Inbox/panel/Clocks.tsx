/** How the conversation stands to what it is held to: each target, when it is due, and whether its time runs. */
import { Check, CircleSlash, Pause, Timer, TimerOff, TriangleAlert } from "lucide-react";
import { graphql, useFragment } from "react-relay";
import { useTranslations } from "use-intl";
import type { Clocks_conversation$data, Clocks_conversation$key } from "~/__generated__/Clocks_conversation.graphql";
import { When } from "~/components/Badge";
import { cx } from "~/components/style";
import { Part } from "./Part";
import { useSpan } from "./span";

type Clock = NonNullable<Clocks_conversation$data["serviceLevels"]>[number];

const ORDER: readonly Clock["target"][] = ["FIRST_RESPONSE", "NEXT_RESPONSE", "RESOLUTION"];
const LOOKS = {
  ON_TRACK: { icon: Timer, look: "text-ink-muted" },
  AT_RISK: { icon: TriangleAlert, look: "text-warning" },
  PAUSED: { icon: Pause, look: "text-ink-muted" },
  MET: { icon: Check, look: "text-success" },
  BREACHED: { icon: TimerOff, look: "text-danger" },
  DROPPED: { icon: CircleSlash, look: "text-ink-faint" },
} as const;

export function Clocks({ conversation: key }: { readonly conversation: Clocks_conversation$key }) {
  const t = useTranslations("panel.clocks");
  const { serviceLevels } = useFragment(
    graphql`
      fragment Clocks_conversation on Conversation {
        serviceLevels {
          target
          state
          dueAt
          policy {
            id
            name
          }
        }
      }
    `,
    key,
  );
  if (!serviceLevels || serviceLevels.length === 0) return null;
  const inOrder = [...serviceLevels].sort((one, other) => ORDER.indexOf(one.target) - ORDER.indexOf(other.target));
  const policies = [...new Set(serviceLevels.flatMap((clock) => clock.policy?.name ?? []))];
  return (
    <Part id="clocks" title={t("title")}>
      <ul className="flex flex-col gap-2">
        {inOrder.map((clock) => (
          <Row key={clock.target} clock={clock} />
        ))}
      </ul>
      {policies.length > 0 && <p className="text-ink-faint text-xs">{t("policy", { name: policies.join(", ") })}</p>}
    </Part>
  );
}

function Row({ clock }: { readonly clock: Clock }) {
  const t = useTranslations("panel.clocks");
  const isRunning = clock.state === "ON_TRACK" || clock.state === "AT_RISK";
  const isOver = isRunning && clock.dueAt !== null && Date.parse(clock.dueAt) < Date.now();
  const state = isOver ? "BREACHED" : clock.state;
  const span = useSpan(isRunning || state === "BREACHED" ? clock.dueAt : null);
  const { icon: Icon, look } = LOOKS[state];
  const words = span ? t(state === "BREACHED" ? "over" : "left", { span }) : t(`state.${state}`);
  return (
    <li className="flex items-start gap-2">
      <Icon size={16} aria-hidden className={cx("mt-0.5 shrink-0", look)} />
      <span className="flex min-w-0 flex-1 flex-col">
        <span className="flex flex-wrap justify-between gap-x-2">
          <span>{t(`target.${clock.target}`)}</span>
          <span className={cx("tabular-nums", look)}>{words}</span>
        </span>
        <span className="flex flex-wrap justify-between gap-x-2 text-ink-faint text-xs">
          <span>{span ? t(`state.${state}`) : ""}</span>
          {clock.dueAt && isRunning && (
            <span>
              {t("due")} <When at={clock.dueAt} withTime />
            </span>
          )}
        </span>
      </span>
    </li>
  );
}
