/** One session: which device, where, since when, and its end. */
import { LogOut, MonitorSmartphone } from "lucide-react";
import { graphql, useFragment } from "react-relay";
import { useTranslations } from "use-intl";
import type { SessionRow_session$key } from "~/__generated__/SessionRow_session.graphql";
import type { SessionRowEndMutation } from "~/__generated__/SessionRowEndMutation.graphql";
import { useChange } from "~/changes";
import { Ago, Badge } from "~/components/Badge";
import { IconButton } from "~/components/Button";
import { ListItem } from "~/components/Table";
import { useTellProblem } from "~/components/Toast";

export function SessionRow({ session: key }: { readonly session: SessionRow_session$key }) {
  const t = useTranslations("account.sessions");
  const tellProblem = useTellProblem();
  const session = useFragment(
    graphql`
      fragment SessionRow_session on Session {
        id
        device
        address
        strategy
        isCurrent
        lastSeenAt
        expiresAt
        endedAt
      }
    `,
    key,
  );
  const [end, isBusy] = useChange<SessionRowEndMutation>(graphql`
    mutation SessionRowEndMutation($input: EndSessionInput!) {
      endSession(input: $input) {
        ... on EndSessionSuccess {
          session {
            ...SessionRow_session
          }
        }
        ... on Error {
          code
          message
        }
      }
    }
  `);
  const isOver = session.endedAt !== null || new Date(session.expiresAt) <= new Date();
  const title = (
    <span className="flex items-center gap-2">
      <span className="truncate">{session.device || t("unknown")}</span>
      {session.isCurrent && <Badge tone="accent">{t("current")}</Badge>}
      {isOver && <Badge>{t("over")}</Badge>}
    </span>
  );
  const strategy = t.has(`strategies.${session.strategy as "password"}`)
    ? t(`strategies.${session.strategy as "password"}`)
    : session.strategy;
  const detail = (
    <>
      {[session.address, strategy].filter(Boolean).join(" · ")} · {t("seen")} <Ago at={session.lastSeenAt} />
    </>
  );
  const endIt = (): void => {
    end({ input: { sessionId: session.id } }).catch(tellProblem);
  };
  return (
    <ListItem
      mark={<MonitorSmartphone size={16} aria-hidden className="text-ink-muted" />}
      title={title}
      detail={detail}
      actions={
        !isOver && !session.isCurrent && <IconButton icon={LogOut} label={t("end")} isBusy={isBusy} onPress={endIt} />
      }
    />
  );
}
