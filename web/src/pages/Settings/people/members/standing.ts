/** Letting somebody in again who was suspended. */
import { graphql } from "react-relay";
import { useTranslations } from "use-intl";
import type { standingReinstateMutation } from "~/__generated__/standingReinstateMutation.graphql";
import { useChange } from "~/changes";
import { tell, useTellProblem } from "~/components/Toast";

export function useReinstatement(id: string, name: string): () => void {
  const t = useTranslations("people.members");
  const tellProblem = useTellProblem();
  const [reinstate] = useChange<standingReinstateMutation>(graphql`
    mutation standingReinstateMutation($input: ReinstateAgentInput!) {
      reinstateAgent(input: $input) {
        ... on ReinstateAgentSuccess {
          agent {
            id
            suspendedAt
          }
        }
        ... on Error {
          code
          message
        }
      }
    }
  `);
  return () => {
    reinstate({ input: { agentId: id } }).then(() => tell(t("reinstated", { name })), tellProblem);
  };
}
