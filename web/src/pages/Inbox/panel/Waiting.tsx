/** Its place in the queue, and why nobody is asked to take it. */
import { graphql, useFragment } from "react-relay";
import { useFormatter, useTranslations } from "use-intl";
import type { Waiting_conversation$key } from "~/__generated__/Waiting_conversation.graphql";
import { Ago } from "~/components/Badge";
import { Notice } from "~/components/Feedback";
import { Fact, Facts, Part } from "./Part";
import { useSpan } from "./span";

export function Waiting({ conversation: key }: { readonly conversation: Waiting_conversation$key }) {
  const t = useTranslations("panel.queue");
  const format = useFormatter();
  const { state, queueEntry, handoffReason } = useFragment(
    graphql`
      fragment Waiting_conversation on Conversation {
        state
        handoffReason
        queueEntry {
          position
          waitingSince
          estimatedSeconds
          forTeam
          language
          topic
          reasonsNobodyFits
          offer {
            until
            agent {
              id
              name
            }
          }
        }
      }
    `,
    key,
  );
  const until = useSpan(queueEntry?.offer?.until);
  if (state !== "WAITING" || !queueEntry) return null;
  const { estimatedSeconds, offer, reasonsNobodyFits } = queueEntry;
  const languages = new Intl.DisplayNames(document.documentElement.lang || "en", { type: "language" });
  return (
    <Part id="queue" title={t("title")}>
      <Facts>
        <Fact name={t("position")}>{format.number(queueEntry.position)}</Fact>
        <Fact name={t("since")}>
          <Ago at={queueEntry.waitingSince} />
        </Fact>
        {handoffReason && <Fact name={t("reason")}>{t(`reasons.${handoffReason}`)}</Fact>}
        {estimatedSeconds !== null && estimatedSeconds !== undefined && (
          <Fact name={t("estimate")}>{t("minutes", { count: Math.max(1, Math.round(estimatedSeconds / 60)) })}</Fact>
        )}
        {queueEntry.language && <Fact name={t("language")}>{languages.of(queueEntry.language)}</Fact>}
        {queueEntry.topic && <Fact name={t("topic")}>{queueEntry.topic}</Fact>}
        {queueEntry.forTeam && <Fact name={t("for")}>{t("team")}</Fact>}
        {offer?.agent && <Fact name={t("offered")}>{t("offeredTo", { name: offer.agent.name, span: until })}</Fact>}
      </Facts>
      {reasonsNobodyFits.length > 0 && (
        <Notice tone="warning">
          <p className="font-medium">{t("nobody")}</p>
          <ul className="list-disc ps-4">
            {reasonsNobodyFits.map((reason) => (
              <li key={reason}>{t(`hindrance.${reason}`)}</li>
            ))}
          </ul>
        </Notice>
      )}
    </Part>
  );
}
