/** What a threshold would have made of questions that customers asked: as sure as the assistant was then. */
import { useMemo } from "react";
import { graphql, useLazyLoadQuery } from "react-relay";
import { useFormatter, useTranslations } from "use-intl";
import type { TriedQuery } from "~/__generated__/TriedQuery.graphql";
import { Link } from "~/app/navigation";
import { Badge } from "~/components/Badge";
import { Section } from "~/components/Page";
import { Table } from "~/components/Table";
import { logged } from "./logged";

const CONVERSATIONS = 25;

export function Tried({ threshold }: { readonly threshold: number }) {
  const t = useTranslations("assistant.confidence");
  const format = useFormatter();
  const { conversations } = useLazyLoadQuery<TriedQuery>(
    graphql`
      query TriedQuery($first: Int!) {
        conversations(first: $first) {
          nodes {
            id
            messages(first: 10) {
              nodes {
                id
                kind
                text
                author {
                  __typename
                }
                provenance {
                  confidence
                  passages {
                    articleId
                  }
                  curatedAnswer {
                    id
                  }
                }
              }
            }
          }
        }
      }
    `,
    { first: CONVERSATIONS },
    { fetchPolicy: "store-and-network" },
  );
  const questions = useMemo(() => logged(conversations.nodes), [conversations.nodes]);
  const answered = questions.filter((question) => question.confidence >= threshold).length;
  const handed = questions.length - answered;
  return (
    <Section title={t("tried")} about={t("triedHint", { count: CONVERSATIONS })}>
      {questions.length === 0 ? (
        <p className="text-ink-muted">{t("noQuestions")}</p>
      ) : (
        <>
          <p role="status" className="mb-3 font-medium">
            {t("would", { answered, handed })}
          </p>
          <Table
            label={t("tried")}
            rows={questions}
            keyOf={(row) => row.id}
            columns={[
              {
                id: "question",
                label: t("question"),
                cell: (row) => (
                  <Link
                    to={`/inbox/open/${encodeURIComponent(row.conversationId)}`}
                    className="line-clamp-2 hover:underline"
                  >
                    {row.question}
                  </Link>
                ),
              },
              {
                id: "sure",
                label: t("sure"),
                cell: (row) => format.number(row.confidence, { style: "percent" }),
                isNumber: true,
              },
              { id: "before", label: t("atThatTime"), cell: (row) => t(`kinds.${row.kind}`), isMinor: true },
              {
                id: "now",
                label: t("now"),
                cell: (row) => {
                  const isSure = row.confidence >= threshold;
                  return <Badge tone={isSure ? "success" : "warning"}>{t(isSure ? "answers" : "handsOver")}</Badge>;
                },
              },
            ]}
          />
        </>
      )}
    </Section>
  );
}
