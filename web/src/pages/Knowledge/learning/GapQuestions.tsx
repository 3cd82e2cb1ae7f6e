/** The questions of a gap, with where they were asked. */
import { graphql, useLazyLoadQuery } from "react-relay";
import { useTranslations } from "use-intl";
import type { GapQuestionsQuery } from "~/__generated__/GapQuestionsQuery.graphql";
import { Link } from "~/app/navigation";
import { Ago, Badge } from "~/components/Badge";

export function GapQuestions({ id }: { readonly id: string }) {
  const t = useTranslations("knowledge.gaps");
  const { node } = useLazyLoadQuery<GapQuestionsQuery>(
    graphql`
      query GapQuestionsQuery($id: ID!) {
        node(id: $id) {
          ... on Gap {
            questions(first: 20) {
              edges {
                cursor
                node {
                  text
                  reason
                  askedAt
                  conversation {
                    id
                  }
                }
              }
            }
          }
        }
      }
    `,
    { id },
    { fetchPolicy: "network-only" },
  );
  const edges = node?.questions?.edges ?? [];
  if (edges.length === 0) return <p className="mt-4 text-ink-muted">{t("hidden")}</p>;
  return (
    <ul className="mt-4 divide-y divide-line border-line border-t">
      {edges.map(({ cursor, node: question }) => (
        <li key={cursor} className="flex flex-wrap items-center gap-x-3 gap-y-1 py-2">
          <span className="min-w-0 flex-1">{question.text}</span>
          <Badge>{t(`reason.${question.reason}`)}</Badge>
          <Ago at={question.askedAt} className="text-ink-muted text-xs" />
          {question.conversation && (
            <Link to={`/inbox/open/${question.conversation.id}`} className="text-accent-ink text-xs hover:underline">
              {t("conversation")}
            </Link>
          )}
        </li>
      ))}
    </ul>
  );
}
