/** Taking a conversation from the queue: the person has it, and goes there. */
import { graphql } from "react-relay";
import type { takeMutation } from "~/__generated__/takeMutation.graphql";
import { useNavigate } from "~/app/navigation";
import { useChange } from "~/changes";
import { useTellProblem } from "~/components/Toast";

export function useTake(): [take: (id: string) => void, isBusy: boolean] {
  const navigate = useNavigate();
  const tellProblem = useTellProblem();
  const [change, isBusy] = useChange<takeMutation>(graphql`
    mutation takeMutation($input: TakeOverConversationInput!) {
      takeOverConversation(input: $input) {
        ... on TakeOverConversationSuccess {
          conversation {
            id
            state
            assignee {
              id
              name
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
  const take = (id: string): void => {
    change({ input: { conversationId: id } })
      .then(() => navigate(`/inbox/mine/${encodeURIComponent(id)}`))
      .catch(tellProblem);
  };
  return [take, isBusy];
}
