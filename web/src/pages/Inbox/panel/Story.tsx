/** What the conversation is about, in short: its summary, how it sounds, and what the customer said of it. */
import { RefreshCw, Star } from "lucide-react";
import { graphql, useFragment } from "react-relay";
import { useFormatter, useTranslations } from "use-intl";
import type { Story_conversation$data, Story_conversation$key } from "~/__generated__/Story_conversation.graphql";
import type { StoryClassifyMutation } from "~/__generated__/StoryClassifyMutation.graphql";
import type { StorySummarizeMutation } from "~/__generated__/StorySummarizeMutation.graphql";
import { useMay } from "~/app/viewer";
import { useChange } from "~/changes";
import { Ago, Badge, When } from "~/components/Badge";
import { Button, IconButton } from "~/components/Button";
import { useTellProblem } from "~/components/Toast";
import { Fact, Facts, Nothing, Part } from "./Part";

export function Story({ conversation: key }: { readonly conversation: Story_conversation$key }) {
  const conversation = useFragment(
    graphql`
      fragment Story_conversation on Conversation {
        id
        summary {
          text
          isCurrent
          madeBy
          madeAt
        }
        classification {
          topic
          language
          sentiment
          urgency
          confidence
        }
        survey {
          id
          score
          comment
          askedAt
          answeredAt
        }
      }
    `,
    key,
  );
  return (
    <>
      <Summary of={conversation} />
      <Classification of={conversation} />
      <Verdict of={conversation} />
    </>
  );
}

interface StoryProps {
  readonly of: Story_conversation$data;
}

function Summary({ of: { id, summary } }: StoryProps) {
  const t = useTranslations("panel.summary");
  const tell = useTellProblem();
  const mayReply = useMay("REPLY_TO_CONVERSATIONS");
  const [summarize, isBusy] = useChange<StorySummarizeMutation>(graphql`
    mutation StorySummarizeMutation($input: SummarizeConversationInput!) {
      summarizeConversation(input: $input) {
        ... on SummarizeConversationSuccess {
          conversation {
            id
            ...Story_conversation
          }
        }
        ... on Error {
          code
          message
        }
      }
    }
  `);
  const run = (): void => void summarize({ input: { conversationId: id } }).catch(tell);
  const again = mayReply && summary && <IconButton icon={RefreshCw} label={t("again")} isBusy={isBusy} onPress={run} />;
  return (
    <Part id="summary" title={t("title")} actions={again}>
      {summary ? (
        <>
          <p className="whitespace-pre-line">{summary.text}</p>
          <p className="text-ink-faint text-xs">
            <Ago at={summary.madeAt} /> · {summary.madeBy}
            {!summary.isCurrent && ` · ${t("old")}`}
          </p>
        </>
      ) : mayReply ? (
        <Button className="self-start" isBusy={isBusy} onPress={run}>
          {t("make")}
        </Button>
      ) : (
        <Nothing>{t("none")}</Nothing>
      )}
    </Part>
  );
}

const FEELINGS = { NEGATIVE: "danger", NEUTRAL: "neutral", POSITIVE: "success" } as const;
const URGENCIES = { LOW: "neutral", NORMAL: "neutral", HIGH: "warning" } as const;

function Classification({ of: { id, classification } }: StoryProps) {
  const t = useTranslations("panel.classification");
  const tell = useTellProblem();
  const format = useFormatter();
  const mayReply = useMay("REPLY_TO_CONVERSATIONS");
  const [classify, isBusy] = useChange<StoryClassifyMutation>(graphql`
    mutation StoryClassifyMutation($input: ClassifyConversationInput!) {
      classifyConversation(input: $input) {
        ... on ClassifyConversationSuccess {
          conversation {
            id
            ...Story_conversation
          }
        }
        ... on Error {
          code
          message
        }
      }
    }
  `);
  const run = (): void => void classify({ input: { conversationId: id } }).catch(tell);
  const again = mayReply && <IconButton icon={RefreshCw} label={t("again")} isBusy={isBusy} onPress={run} />;
  if (!classification && !mayReply) return null;
  const { topic, language, sentiment, urgency, confidence } = classification ?? {};
  const languages = new Intl.DisplayNames(document.documentElement.lang || "en", { type: "language" });
  return (
    <Part id="classification" title={t("title")} actions={again}>
      {classification ? (
        <Facts>
          {topic && <Fact name={t("topic")}>{topic}</Fact>}
          {sentiment && (
            <Fact name={t("sentiment")}>
              <span>
                <Badge tone={FEELINGS[sentiment]}>{t(`sentiments.${sentiment}`)}</Badge>
              </span>
            </Fact>
          )}
          {urgency && (
            <Fact name={t("urgency")}>
              <span>
                <Badge tone={URGENCIES[urgency]}>{t(`urgencies.${urgency}`)}</Badge>
              </span>
            </Fact>
          )}
          {language && <Fact name={t("language")}>{languages.of(language)}</Fact>}
          {confidence !== null && confidence !== undefined && (
            <Fact name={t("confidence")}>{format.number(confidence, { style: "percent" })}</Fact>
          )}
        </Facts>
      ) : (
        <Nothing>{t("none")}</Nothing>
      )}
    </Part>
  );
}

function Verdict({ of: { survey } }: StoryProps) {
  const t = useTranslations("panel.survey");
  if (!survey) return null;
  const { score, comment, askedAt, answeredAt } = survey;
  return (
    <Part id="survey" title={t("title")}>
      {score === null || score === undefined ? (
        <p className="text-ink-muted">
          {t("asked")} <When at={askedAt} withTime />
        </p>
      ) : (
        <>
          <p className="flex items-center gap-2">
            <span className="flex" aria-hidden>
              {[1, 2, 3, 4, 5].map((star) => (
                <Star
                  key={star}
                  size={16}
                  className={star <= score ? "fill-current text-warning" : "text-line-strong"}
                />
              ))}
            </span>
            {t("score", { score })}
          </p>
          {comment && <blockquote className="border-line border-s-2 ps-3 text-ink-muted">{comment}</blockquote>}
          {answeredAt && (
            <p className="text-ink-faint text-xs">
              <Ago at={answeredAt} />
            </p>
          )}
        </>
      )}
    </Part>
  );
}
