/** One message: who said what, how it came, what goes with it, and for an answer what it rests on. */
import { Mail, MessageSquareText, Microscope, ThumbsDown, ThumbsUp } from "lucide-react";
import { lazy, memo, Suspense } from "react";
import { graphql, useFragment } from "react-relay";
import { useTranslations } from "use-intl";
import type { MessageItem_message$data, MessageItem_message$key } from "~/__generated__/MessageItem_message.graphql";
import { Badge } from "~/components/Badge";
import { IconButton } from "~/components/Button";
import { useSheets } from "../../sheets/sheets";
import { Answer, Citations } from "./Answer";
import { Bubble, type Side } from "./Bubble";
import { Original } from "./Original";

const ActionCard = lazy(() => import("./ActionCard"));
const Attachments = lazy(() => import("./Attachments"));

const MESSAGE = graphql`
  fragment MessageItem_message on Message {
    id
    kind
    text
    choices
    needsCode
    createdAt
    citations {
      articleId
      passageId
      title
    }
    provenance {
      confidence
      unsupported
    }
    rating {
      helpful
      comment
    }
    author {
      __typename
      ... on Customer {
        id
        name
      }
      ... on Agent {
        id
        name
      }
      ... on Assistant {
        name
      }
    }
    origin {
      sender
      subject
      authentication
      originalText
    }
    attachments {
      ...Attachments_file
    }
    toolCall {
      ...ActionCard_call
    }
  }
`;

interface MessageItemProps {
  readonly message: MessageItem_message$key;
  readonly isFirst: boolean;
}

type Message = MessageItem_message$data;

export const MessageItem = memo(function MessageItem({ message: key, isFirst }: MessageItemProps) {
  const t = useTranslations("conversation");
  const message = useFragment(MESSAGE, key);
  const side = sideOf(message);
  const { author } = message;
  const said = author && "name" in author ? author.name : "";
  const name = said || t(side === "customer" ? "visitor" : side === "agent" ? "colleague" : "assistant");
  return (
    <li>
      <Bubble
        side={side}
        name={name}
        at={message.createdAt}
        isFirst={isFirst}
        marks={<Marks message={message} />}
        beside={message.provenance && <Why id={message.id} />}
        footer={message.rating && <Rating rating={message.rating} />}
      >
        {side === "assistant" ? (
          <Answer text={message.text} citations={message.citations} />
        ) : (
          <p className="whitespace-pre-wrap [overflow-wrap:anywhere]">{message.text}</p>
        )}
        <Choices choices={message.choices} />
        <Suspense>
          {message.toolCall && <ActionCard call={message.toolCall} isProposal={message.kind === "ACTION_PROPOSAL"} />}
          {message.attachments.length > 0 && <Attachments files={message.attachments} />}
        </Suspense>
        <Citations citations={message.citations} />
        {message.origin?.originalText && <Original text={message.origin.originalText} />}
      </Bubble>
    </li>
  );
});

function sideOf({ author }: Message): Side {
  if (author?.__typename === "Customer") return "customer";
  return author?.__typename === "Agent" ? "agent" : "assistant";
}

/** Kinds that say more of a message than its words. */
const MARKED = [
  "PARTIAL_ANSWER",
  "CLARIFICATION",
  "REFUSAL",
  "ACTION_PROPOSAL",
  "ACTION_RESULT",
  "SURVEY",
  "AUTOMATIC",
  "OUT_OF_HOURS",
] as const;

function Marks({ message }: { readonly message: Message }) {
  const t = useTranslations("conversation.message");
  const { origin } = message;
  const kind = MARKED.find((one) => one === message.kind);
  const Channel = origin?.subject == null ? MessageSquareText : Mail;
  return (
    <>
      {origin && (
        <span title={origin.sender} className="inline-flex items-center gap-1 text-ink-faint">
          <Channel size={14} aria-hidden />
          <span className="sr-only">{t("from", { sender: origin.sender })}</span>
        </span>
      )}
      {origin?.authentication === "FAILED" && <Badge tone="danger">{t("notFromThere")}</Badge>}
      {kind && <Badge tone={kind === "PARTIAL_ANSWER" ? "warning" : "neutral"}>{t(`kinds.${kind}`)}</Badge>}
      {message.needsCode && <Badge tone="warning">{t("needsCode")}</Badge>}
      {message.provenance && message.provenance.unsupported.length > 0 && (
        <Badge tone="warning">{t("unsupported", { count: message.provenance.unsupported.length })}</Badge>
      )}
    </>
  );
}

/** What a clarification offers; the customer chooses. */
function Choices({ choices }: { readonly choices: readonly string[] }) {
  if (choices.length === 0) return null;
  return (
    <ul className="mt-2 flex flex-wrap gap-1">
      {choices.map((choice) => (
        <li key={choice} className="rounded-full px-2.5 py-0.5 text-xs ring-1 ring-line-strong/50">
          {choice}
        </li>
      ))}
    </ul>
  );
}

function Why({ id }: { readonly id: string }) {
  const t = useTranslations("conversation.message");
  const { open } = useSheets();
  return (
    <IconButton
      icon={Microscope}
      size="small"
      label={t("why")}
      onPress={() => open({ kind: "provenance", messageId: id })}
    />
  );
}

function Rating({ rating }: { readonly rating: NonNullable<Message["rating"]> }) {
  const t = useTranslations("conversation.message");
  const Thumb = rating.helpful ? ThumbsUp : ThumbsDown;
  return (
    <p className="mt-1 flex max-w-full items-center gap-1 text-ink-muted text-xs">
      <Thumb size={14} aria-hidden className="shrink-0" />
      {t(rating.helpful ? "helpful" : "notHelpful")}
      {rating.comment && <q className="truncate">{rating.comment}</q>}
    </p>
  );
}
