/** Why the assistant said what it said: what it looked at, who was asked, how sure it was, what it cost. */
import type { ReactNode } from "react";
import { graphql, useLazyLoadQuery } from "react-relay";
import { useFormatter, useTranslations } from "use-intl";
import type { ProvenanceQuery, ProvenanceQuery$data } from "~/__generated__/ProvenanceQuery.graphql";
import { Badge } from "~/components/Badge";
import { Notice } from "~/components/Feedback";
import { useSheets } from "./sheets";

const QUERY = graphql`
  query ProvenanceQuery($id: ID!) {
    node(id: $id) {
      ... on Message {
        provenance {
          model
          decision
          confidence
          threshold
          retrievalMs
          totalMs
          firstTextMs
          promptNumber
          costMicros
          unsupported
          removedCitations
          passages {
            articleId
            passageId
            title
            score
            similarity
          }
          attempts {
            name
            tookMs
            error
          }
          tools {
            name
            succeeded
            tookMs
          }
          usage {
            read
            written
            cached
            estimated
          }
          curatedAnswer {
            id
            questions
          }
        }
        citations {
          passageId
        }
      }
    }
  }
`;

type Message = NonNullable<ProvenanceQuery$data["node"]>;
type Why = NonNullable<Message["provenance"]>;

export function Provenance({ messageId }: { readonly messageId: string }) {
  const t = useTranslations("conversation.why");
  const { node } = useLazyLoadQuery<ProvenanceQuery>(QUERY, { id: messageId }, { fetchPolicy: "store-or-network" });
  const why = node?.provenance;
  if (!why) return <p className="text-ink-muted">{t("unknown")}</p>;
  return (
    <div className="flex flex-col gap-6">
      <Flags why={why} />
      <Part title={t("decision")}>
        <Decision why={why} />
      </Part>
      <Part title={t("passages", { count: why.passages.length })}>
        <Passages why={why} cited={node.citations?.map((one) => one.passageId) ?? []} />
      </Part>
      {(why.attempts.length > 0 || why.usage) && (
        <Part title={t("models")}>
          <Models why={why} />
        </Part>
      )}
      {why.tools.length > 0 && (
        <Part title={t("tools")}>
          <Steps steps={why.tools.map(({ name, succeeded, tookMs }) => ({ name, tookMs, isGood: succeeded }))} />
        </Part>
      )}
    </div>
  );
}

function Part({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <section>
      <h3 className="mb-2 font-semibold">{title}</h3>
      {children}
    </section>
  );
}

function Flags({ why }: { readonly why: Why }) {
  const t = useTranslations("conversation.why");
  return (
    <>
      {why.unsupported.length > 0 && (
        <Notice tone="warning">
          <p className="font-medium">{t("unsupported", { count: why.unsupported.length })}</p>
          <ul className="mt-1 list-disc ps-4">
            {why.unsupported.map((statement) => (
              <li key={statement}>{statement}</li>
            ))}
          </ul>
        </Notice>
      )}
      {why.removedCitations > 0 && <Notice tone="warning">{t("removed", { count: why.removedCitations })}</Notice>}
    </>
  );
}

function Decision({ why }: { readonly why: Why }) {
  const t = useTranslations("conversation.why");
  const format = useFormatter();
  const share = (value: number): string => format.number(value, { style: "percent", maximumFractionDigits: 0 });
  const ms = (value: number): string =>
    format.number(value / 1_000, { style: "unit", unit: "second", maximumFractionDigits: 2 });
  const facts: readonly (readonly [name: string, value: string | null])[] = [
    [t("answeredBy"), why.model],
    [t("outcome"), why.decision],
    [t("confidence"), t("confidenceOf", { confidence: share(why.confidence), threshold: share(why.threshold) })],
    [t("curated"), why.curatedAnswer?.questions[0] ?? null],
    [t("prompt"), why.promptNumber == null ? null : why.promptNumber === 0 ? t("ownPrompt") : `${why.promptNumber}`],
    [t("search"), ms(why.retrievalMs)],
    [t("firstText"), why.firstTextMs == null ? null : ms(why.firstTextMs)],
    [t("total"), ms(why.totalMs)],
  ];
  return <Facts facts={facts} />;
}

/** A list of names and values; what is not known is left out. */
function Facts({ facts }: { readonly facts: readonly (readonly [name: string, value: string | null])[] }) {
  return (
    <dl className="grid grid-cols-[auto_1fr] gap-x-4 gap-y-1.5">
      {facts.map(
        ([name, value]) =>
          value !== null && (
            <div key={name} className="contents">
              <dt className="text-ink-muted">{name}</dt>
              <dd className="[overflow-wrap:anywhere]">{value}</dd>
            </div>
          ),
      )}
    </dl>
  );
}

function Passages({ why, cited }: { readonly why: Why; readonly cited: readonly string[] }) {
  const t = useTranslations("conversation.why");
  const format = useFormatter();
  const { open } = useSheets();
  if (why.passages.length === 0) return <p className="text-ink-muted">{t("noPassages")}</p>;
  const digits = { maximumFractionDigits: 2, minimumFractionDigits: 2 };
  return (
    <table className="w-full border-collapse">
      <thead>
        <tr className="border-line border-b text-ink-faint text-xs">
          <th className="py-1 text-start font-medium">{t("passage")}</th>
          <th className="py-1 text-end font-medium">{t("score")}</th>
          <th className="py-1 ps-3 text-end font-medium">{t("similarity")}</th>
        </tr>
      </thead>
      <tbody>
        {why.passages.map((passage) => (
          <tr key={passage.passageId} className="border-line border-b last:border-0">
            <td className="py-1">
              <button
                type="button"
                className="min-h-6 rounded text-start hover:underline"
                onClick={() => open({ kind: "source", source: passage })}
              >
                {passage.title}
              </button>{" "}
              {cited.includes(passage.passageId) && <Badge tone="accent">{t("cited")}</Badge>}
            </td>
            <td className="py-1 text-end tabular-nums">{format.number(passage.score, digits)}</td>
            <td className="py-1 ps-3 text-end tabular-nums">{format.number(passage.similarity, digits)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Models({ why }: { readonly why: Why }) {
  const t = useTranslations("conversation.why");
  const format = useFormatter();
  const { usage, costMicros } = why;
  const cost = costMicros == null ? null : format.number(Number(costMicros) / 1_000_000, { maximumFractionDigits: 6 });
  return (
    <div className="flex flex-col gap-3">
      <Steps
        steps={why.attempts.map(({ name, tookMs, error }) => ({
          name,
          tookMs,
          isGood: !error,
          problem: error ?? undefined,
        }))}
      />
      <Facts
        facts={[
          [t("read"), usage ? t("tokens", { count: usage.read }) : null],
          [t("fromCache"), usage && usage.cached > 0 ? t("tokens", { count: usage.cached }) : null],
          [t("written"), usage ? t("tokens", { count: usage.written }) : null],
          [t("cost"), cost ?? (usage ? t("noPrice") : null)],
        ]}
      />
      {usage?.estimated && <p className="text-ink-faint text-xs">{t("estimated")}</p>}
    </div>
  );
}

interface Step {
  readonly name: string;
  readonly tookMs: number;
  readonly isGood: boolean;
  readonly problem?: string;
}

function Steps({ steps }: { readonly steps: readonly Step[] }) {
  const t = useTranslations("conversation.why");
  const format = useFormatter();
  return (
    <ol className="flex flex-col gap-1">
      {steps.map((step, at) => (
        <li key={`${at} ${step.name}`} className="flex flex-wrap items-center gap-2">
          <span className="min-w-0 [overflow-wrap:anywhere]">{step.name}</span>
          <Badge tone={step.isGood ? "success" : "danger"}>{t(step.isGood ? "succeeded" : "failed")}</Badge>
          <span className="text-ink-faint text-xs tabular-nums">
            {format.number(step.tookMs / 1_000, { style: "unit", unit: "second", maximumFractionDigits: 2 })}
          </span>
          {step.problem && <span className="w-full text-danger text-xs">{step.problem}</span>}
        </li>
      ))}
    </ol>
  );
}
