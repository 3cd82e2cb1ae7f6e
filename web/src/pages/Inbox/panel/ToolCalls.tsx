/** What the assistant did with tools in the conversation: what it asked, and what came back. */
import { graphql, useFragment, usePaginationFragment } from "react-relay";
import { useFormatter, useTranslations } from "use-intl";
import type { ToolCalls_call$key } from "~/__generated__/ToolCalls_call.graphql";
import type { ToolCalls_conversation$key } from "~/__generated__/ToolCalls_conversation.graphql";
import type { ToolCallsQuery } from "~/__generated__/ToolCallsQuery.graphql";
import { Ago, Badge, type Tone } from "~/components/Badge";
import { Button } from "~/components/Button";
import { Part } from "./Part";

const TONES: Readonly<Record<string, Tone>> = {
  PROPOSED: "warning",
  APPROVED: "accent",
  RUNNING: "accent",
  SUCCEEDED: "success",
  FAILED: "danger",
  UNKNOWN: "danger",
};

export function ToolCalls({ conversation: key }: { readonly conversation: ToolCalls_conversation$key }) {
  const t = useTranslations("panel.tools");
  const act = useTranslations("app.act");
  const { data, hasNext, loadNext, isLoadingNext } = usePaginationFragment<ToolCallsQuery, ToolCalls_conversation$key>(
    graphql`
      fragment ToolCalls_conversation on Conversation
      @refetchable(queryName: "ToolCallsQuery")
      @argumentDefinitions(count: { type: "Int", defaultValue: 10 }, after: { type: "String" }) {
        toolCalls(first: $count, after: $after) @connection(key: "ToolCalls_toolCalls") {
          edges {
            node {
              id
              ...ToolCalls_call
            }
          }
        }
      }
    `,
    key,
  );
  const calls = data.toolCalls.edges;
  if (calls.length === 0) return null;
  return (
    <Part id="tools" title={t("title")}>
      <ul className="flex flex-col gap-1">
        {calls.map(({ node }) => (
          <Call key={node.id} call={node} />
        ))}
      </ul>
      {hasNext && (
        <Button look="quiet" isBusy={isLoadingNext} onPress={() => loadNext(10)}>
          {act("more")}
        </Button>
      )}
    </Part>
  );
}

function Call({ call: key }: { readonly call: ToolCalls_call$key }) {
  const t = useTranslations("panel.tools");
  const format = useFormatter();
  const call = useFragment(
    graphql`
      fragment ToolCalls_call on ToolCall {
        name
        state
        input
        output
        attempts
        tookMs
        createdAt
        triedBy {
          id
          name
        }
      }
    `,
    key,
  );
  return (
    <li>
      <details className="rounded-md border border-line">
        <summary className="flex min-h-8 cursor-default items-center gap-2 px-2 py-1">
          <span className="min-w-0 flex-1 truncate font-mono text-xs">{call.name}</span>
          <Badge tone={TONES[call.state] ?? "neutral"}>{t(`state.${call.state}`)}</Badge>
        </summary>
        <div className="flex flex-col gap-2 border-line border-t p-2 text-xs">
          <Words name={t("input")} words={JSON.stringify(call.input, null, 2)} />
          {call.output && <Words name={t("output")} words={call.output} />}
          <p className="text-ink-faint">
            <Ago at={call.createdAt} /> · {t("took", { count: call.attempts, ms: format.number(call.tookMs) })}
            {call.triedBy && ` · ${t("by", { name: call.triedBy.name })}`}
          </p>
        </div>
      </details>
    </li>
  );
}

function Words({ name, words }: { readonly name: string; readonly words: string }) {
  return (
    <div>
      <p className="font-medium text-ink-muted">{name}</p>
      <pre className="max-h-48 overflow-auto whitespace-pre-wrap rounded bg-sunken p-2 [overflow-wrap:anywhere]">
        {words}
      </pre>
    </div>
  );
}
