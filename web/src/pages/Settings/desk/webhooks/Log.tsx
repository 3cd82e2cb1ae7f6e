/** What a webhook was sent, or is to be: each message with every try, and a way to send it again. */
import { RefreshCw, RotateCcw, Send } from "lucide-react";
import { graphql, usePaginationFragment } from "react-relay";
import { useFormatter, useTranslations } from "use-intl";
import type { Log_webhook$data, Log_webhook$key } from "~/__generated__/Log_webhook.graphql";
import type { LogPaginationQuery } from "~/__generated__/LogPaginationQuery.graphql";
import type { LogReplayMutation } from "~/__generated__/LogReplayMutation.graphql";
import { useChange } from "~/changes";
import { Ago, Badge, type Tone, When } from "~/components/Badge";
import { IconButton } from "~/components/Button";
import { EmptyState } from "~/components/Feedback";
import { Section } from "~/components/Page";
import { tell, useTellProblem } from "~/components/Toast";
import { ConversationLink } from "../parts/ConversationLink";
import { More } from "../parts/More";

type Sent = Log_webhook$data["deliveries"]["edges"][number]["node"];

const TONES: Record<Sent["state"], Tone> = { QUEUED: "accent", SENT: "success", FAILED: "danger" };

export function Log({ webhook }: { readonly webhook: Log_webhook$key }) {
  const t = useTranslations("connections.webhooks");
  const { data, hasNext, isLoadingNext, loadNext, refetch } = usePaginationFragment<
    LogPaginationQuery,
    Log_webhook$key
  >(
    graphql`
      fragment Log_webhook on Webhook
      @argumentDefinitions(first: { type: "Int", defaultValue: 20 }, after: { type: "String" })
      @refetchable(queryName: "LogPaginationQuery") {
        deliveries(first: $first, after: $after) @connection(key: "Log_deliveries") {
          edges {
            node {
              messageId
              state
              error
              body
              nextTryAt
              createdAt
              delivery {
                id
              }
              conversation {
                ...ConversationLink_conversation
              }
              attempts {
                at
                status
                tookMs
                error
                answer
              }
            }
          }
        }
      }
    `,
    webhook,
  );
  const { edges } = data.deliveries;
  const again = (): void => void refetch({}, { fetchPolicy: "store-and-network" });
  return (
    <Section
      title={t("log")}
      about={t("logHint")}
      actions={<IconButton icon={RefreshCw} label={t("refresh")} onPress={again} />}
    >
      {edges.length === 0 ? (
        <EmptyState icon={Send} title={t("noLog")} hint={t("noLogHint")} />
      ) : (
        <ul aria-label={t("log")} className="divide-y divide-line">
          {edges.map(({ node }, index) => (
            <Line key={node.delivery?.id ?? `${node.messageId}-${index}`} sent={node} />
          ))}
        </ul>
      )}
      <More hasNext={hasNext} isLoading={isLoadingNext} onMore={() => loadNext(20)} />
    </Section>
  );
}

function Line({ sent }: { readonly sent: Sent }) {
  const t = useTranslations("connections.webhooks");
  const delivery = useTranslations("connections.deliveries");
  return (
    <li className="flex items-start gap-2 py-2.5">
      <details className="min-w-0 flex-1">
        <summary className="flex min-h-6 flex-wrap items-center gap-2">
          <Badge tone={TONES[sent.state]}>{delivery(`states.${sent.state}`)}</Badge>
          <code className="min-w-0 truncate font-mono text-xs">{sent.messageId}</code>
          <span className="text-ink-faint text-xs">
            {t("tries", { tries: sent.attempts.length })} · <Ago at={sent.createdAt} />
          </span>
          {sent.error && <span className="w-full text-danger text-xs [overflow-wrap:anywhere]">{sent.error}</span>}
        </summary>
        <div className="mt-2 flex flex-col gap-2 border-line border-s-2 ps-3">
          {sent.conversation && <ConversationLink conversation={sent.conversation} />}
          {sent.nextTryAt && (
            <p className="text-ink-muted text-xs">
              {t("nextTry")} <When at={sent.nextTryAt} withTime />
            </p>
          )}
          <ol className="flex flex-col gap-2">
            {sent.attempts.map((attempt) => (
              <Attempt key={attempt.at} attempt={attempt} />
            ))}
          </ol>
          {sent.body && (
            <pre className="max-h-60 overflow-auto rounded-md bg-canvas p-2 font-mono text-xs">{sent.body}</pre>
          )}
        </div>
      </details>
      {sent.delivery && sent.state !== "QUEUED" && <Again id={sent.delivery.id} />}
    </li>
  );
}

function Attempt({ attempt }: { readonly attempt: Sent["attempts"][number] }) {
  const t = useTranslations("connections.webhooks");
  const format = useFormatter();
  const { at, status, tookMs, error, answer } = attempt;
  const took = format.number(tookMs, { style: "unit", unit: "millisecond" });
  return (
    <li className="text-xs">
      <span className={error ? "text-danger" : "text-success"}>{status ?? error ?? "–"}</span>{" "}
      <span className="text-ink-muted">
        <When at={at} withTime /> · {took}
      </span>
      {error && status && <span className="text-danger"> · {error}</span>}
      {answer && (
        <pre className="mt-1 max-h-32 overflow-auto whitespace-pre-wrap font-mono text-ink-muted">
          {t("answered")} {answer}
        </pre>
      )}
    </li>
  );
}

function Again({ id }: { readonly id: string }) {
  const t = useTranslations("connections.webhooks");
  const tellProblem = useTellProblem();
  const [replay, isBusy] = useChange<LogReplayMutation>(graphql`
    mutation LogReplayMutation($input: ReplayDeliveryInput!) {
      replayDelivery(input: $input) {
        ... on ReplayDeliverySuccess {
          delivery {
            id
            state
          }
        }
        ... on Error {
          code
          message
        }
      }
    }
  `);
  const send = (): void => void replay({ input: { deliveryId: id } }).then(() => tell(t("replayed")), tellProblem);
  return <IconButton icon={RotateCcw} label={t("replayOne")} isBusy={isBusy} onPress={send} />;
}
