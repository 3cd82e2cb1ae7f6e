/** Putting the conversation out of sight until a time or an answer, and getting it back. */
import { AlarmClock, CalendarClock, MessageCircleReply } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { graphql, useFragment } from "react-relay";
import { useFormatter, useTranslations } from "use-intl";
import type { Snoozing_conversation$key } from "~/__generated__/Snoozing_conversation.graphql";
import type { SnoozingMutation } from "~/__generated__/SnoozingMutation.graphql";
import type { SnoozingWakeMutation } from "~/__generated__/SnoozingWakeMutation.graphql";
import { useMay } from "~/app/viewer";
import { useChange } from "~/changes";
import { When } from "~/components/Badge";
import { Button } from "~/components/Button";
import { Menu, MenuItem } from "~/components/Menu";
import { tell, useTellProblem } from "~/components/Toast";
import { Nothing } from "../../Part";
import { Quiet } from "../Quiet";
import { momentsAfter } from "./moments";

const SnoozeDialog = lazy(() => import("./SnoozeDialog"));

export function Snoozing({ conversation: key }: { readonly conversation: Snoozing_conversation$key }) {
  const t = useTranslations("panel.snooze");
  const tellProblem = useTellProblem();
  const mayReply = useMay("REPLY_TO_CONVERSATIONS");
  const { id, state, triage } = useFragment(
    graphql`
      fragment Snoozing_conversation on Conversation {
        id
        state
        triage {
          isSnoozed
          snoozedUntil
        }
      }
    `,
    key,
  );
  const { snooze, wake, isBusy } = useSnoozing(id);
  if (!triage) return null;
  if (triage.isSnoozed)
    return (
      <span className="flex flex-wrap items-center justify-between gap-x-2">
        <span>{triage.snoozedUntil ? <When at={triage.snoozedUntil} withTime /> : t("untilReply")}</span>
        {mayReply && (
          <Button size="small" isBusy={isBusy} onPress={() => void wake().catch(tellProblem)}>
            {t("wake")}
          </Button>
        )}
      </span>
    );
  const words = <Nothing>{t("not")}</Nothing>;
  if (!mayReply || state === "RESOLVED") return words;
  const put = (until: Date | null): Promise<unknown> =>
    snooze(until).then(() => tell(t("done"), { label: t("undo"), run: () => void wake().catch(tellProblem) }));
  return (
    <Choosing isBusy={isBusy} onChoose={put}>
      {words}
    </Choosing>
  );
}

interface ChoosingProps {
  readonly isBusy: boolean;
  readonly onChoose: (until: Date | null) => Promise<unknown>;
  readonly children: React.ReactNode;
}

function Choosing({ isBusy, onChoose, children }: ChoosingProps) {
  const t = useTranslations("panel.snooze");
  const format = useFormatter();
  const tellProblem = useTellProblem();
  const [isAsking, setAsking] = useState(false);
  const choose = (until: Date | null): void => void onChoose(until).catch(tellProblem);
  return (
    <>
      <Menu
        label={t("choose")}
        placement="bottom start"
        trigger={
          <Quiet icon={AlarmClock} label={t("choose")} isBusy={isBusy}>
            {children}
          </Quiet>
        }
      >
        {momentsAfter(new Date()).map(({ id, at }) => (
          <MenuItem
            key={id}
            icon={AlarmClock}
            shortcut={format.dateTime(at, { weekday: "short", hour: "numeric", minute: "2-digit" })}
            onAction={() => choose(at)}
          >
            {t(id)}
          </MenuItem>
        ))}
        <MenuItem icon={MessageCircleReply} onAction={() => choose(null)}>
          {t("untilReply")}
        </MenuItem>
        <MenuItem icon={CalendarClock} onAction={() => setAsking(true)}>
          {t("other")}
        </MenuItem>
      </Menu>
      {isAsking && (
        <Suspense>
          <SnoozeDialog isBusy={isBusy} onChoose={onChoose} onClose={() => setAsking(false)} />
        </Suspense>
      )}
    </>
  );
}

function useSnoozing(conversationId: string) {
  const [snooze, isSnoozing] = useChange<SnoozingMutation>(graphql`
    mutation SnoozingMutation($input: SnoozeConversationInput!) {
      snoozeConversation(input: $input) {
        ... on SnoozeConversationSuccess {
          conversation {
            id
            ...Snoozing_conversation
          }
        }
        ... on Error {
          code
          message
        }
      }
    }
  `);
  const [wake, isWaking] = useChange<SnoozingWakeMutation>(graphql`
    mutation SnoozingWakeMutation($input: WakeConversationInput!) {
      wakeConversation(input: $input) {
        ... on WakeConversationSuccess {
          conversation {
            id
            ...Snoozing_conversation
          }
        }
        ... on Error {
          code
          message
        }
      }
    }
  `);
  return {
    snooze: (until: Date | null): Promise<unknown> =>
      snooze({ input: { conversationId, until: until?.toISOString() ?? null } }),
    wake: (): Promise<unknown> => wake({ input: { conversationId } }),
    isBusy: isSnoozing || isWaking,
  };
}
