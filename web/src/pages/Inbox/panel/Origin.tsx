/** Where the conversation comes from, and the facts of record about it. */
import { MailCheck, MailQuestion, MailX } from "lucide-react";
import { graphql, useFragment } from "react-relay";
import { useFormatter, useTranslations } from "use-intl";
import type { Origin_conversation$data, Origin_conversation$key } from "~/__generated__/Origin_conversation.graphql";
import { When } from "~/components/Badge";
import { Fact, Facts, Part } from "./Part";

const VERDICTS = {
  PASSED: { icon: MailCheck, look: "text-success" },
  FAILED: { icon: MailX, look: "text-danger" },
  NOT_CHECKED: { icon: MailQuestion, look: "text-warning" },
} as const;

export function Origin({ conversation: key }: { readonly conversation: Origin_conversation$key }) {
  const t = useTranslations("panel.origin");
  const format = useFormatter();
  const conversation = useFragment(
    graphql`
      fragment Origin_conversation on Conversation {
        startedAt
        lastActivityAt
        messageCount
        episode
        inbox {
          id
          name
          channel
        }
        messages(first: 1) {
          nodes {
            id
            origin {
              sender
              subject
              authentication
            }
          }
        }
      }
    `,
    key,
  );
  const { inbox, episode } = conversation;
  return (
    <Part id="origin" title={t("title")} isFolded>
      <Facts>
        {inbox && <Fact name={t("inbox")}>{inbox.name}</Fact>}
        {inbox && <Fact name={t("channel")}>{t(`channels.${inbox.channel}`)}</Fact>}
        <Mail of={conversation} />
        <Fact name={t("started")}>
          <When at={conversation.startedAt} withTime />
        </Fact>
        <Fact name={t("active")}>
          <When at={conversation.lastActivityAt} withTime />
        </Fact>
        <Fact name={t("messages")}>{format.number(conversation.messageCount)}</Fact>
        {episode > 1 && <Fact name={t("episode")}>{format.number(episode)}</Fact>}
      </Facts>
    </Part>
  );
}

/** Of what came from outside: the address it says, and whether that can be believed. */
function Mail({ of: { messages } }: { readonly of: Origin_conversation$data }) {
  const t = useTranslations("panel.origin");
  const origin = messages.nodes[0]?.origin;
  if (!origin) return null;
  const verdict = origin.authentication;
  const { icon: Icon, look } = VERDICTS[verdict ?? "NOT_CHECKED"];
  return (
    <>
      <Fact name={t("sender")}>{origin.sender}</Fact>
      {origin.subject && <Fact name={t("subject")}>{origin.subject}</Fact>}
      {verdict && (
        <Fact name={t("authentication")}>
          <span className={`flex items-center gap-1.5 ${look}`}>
            <Icon size={16} aria-hidden className="shrink-0" />
            {t(`verdict.${verdict}`)}
          </span>
        </Fact>
      )}
    </>
  );
}
