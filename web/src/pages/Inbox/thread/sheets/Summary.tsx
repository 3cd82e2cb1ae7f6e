/** What a conversation was about so far, in a few sentences; made anew when asked. */
import { RefreshCw } from "lucide-react";
import { useState } from "react";
import { graphql, useLazyLoadQuery } from "react-relay";
import { useTranslations } from "use-intl";
import type { SummaryMutation } from "~/__generated__/SummaryMutation.graphql";
import type { SummaryQuery } from "~/__generated__/SummaryQuery.graphql";
import { useMay } from "~/app/viewer";
import { useChange } from "~/changes";
import { Ago } from "~/components/Badge";
import { Button } from "~/components/Button";
import { Notice, Problem } from "~/components/Feedback";

export function Summary({ id }: { readonly id: string }) {
  const t = useTranslations("conversation.summary");
  const mayMake = useMay("REPLY_TO_CONVERSATIONS");
  const [problem, setProblem] = useState<unknown>(null);
  const { conversation } = useLazyLoadQuery<SummaryQuery>(
    graphql`
      query SummaryQuery($id: ID!) {
        conversation(id: $id) {
          handoffSummary
          summary {
            text
            isCurrent
            madeBy
            madeAt
          }
        }
      }
    `,
    { id },
    { fetchPolicy: "store-and-network" },
  );
  const [make, isMaking] = useChange<SummaryMutation>(graphql`
    mutation SummaryMutation($input: SummarizeConversationInput!) {
      summarizeConversation(input: $input) {
        ... on SummarizeConversationSuccess {
          conversation {
            id
            summary {
              text
              isCurrent
              madeBy
              madeAt
            }
          }
        }
        ... on Error {
          code
          message
        }
      }
    }
  `);
  const summary = conversation?.summary;
  const text = summary?.text ?? conversation?.handoffSummary;
  const again = (): void => {
    make({ input: { conversationId: id } }).then(() => setProblem(null), setProblem);
  };
  return (
    <div className="flex flex-col gap-4">
      {text ? <p className="whitespace-pre-wrap leading-6">{text}</p> : <p className="text-ink-muted">{t("none")}</p>}
      {summary && (
        <p className="text-ink-faint text-xs">
          {summary.madeBy === "local" ? t("quoted") : t("madeBy", { model: summary.madeBy })}{" "}
          <Ago at={summary.madeAt} />
        </p>
      )}
      {summary && !summary.isCurrent && <Notice>{t("old")}</Notice>}
      <Problem of={problem} />
      {mayMake && (
        <div>
          <Button icon={RefreshCw} isBusy={isMaking} onPress={again}>
            {t(summary ? "again" : "make")}
          </Button>
        </div>
      )}
    </div>
  );
}
