/** What can be done with a conversation as a whole: each deed as a promise, with what went wrong told at the edge. */
import { graphql } from "react-relay";
import type { useActsHandoffMutation } from "~/__generated__/useActsHandoffMutation.graphql";
import type { useActsReopenMutation } from "~/__generated__/useActsReopenMutation.graphql";
import type { useActsResolveMutation } from "~/__generated__/useActsResolveMutation.graphql";
import type { useActsReturnMutation } from "~/__generated__/useActsReturnMutation.graphql";
import type { useActsStopMutation } from "~/__generated__/useActsStopMutation.graphql";
import type { useActsTakeOverMutation } from "~/__generated__/useActsTakeOverMutation.graphql";
import { useChange } from "~/changes";
import { useTellProblem } from "~/components/Toast";

export interface Acts {
  /** Raises what is wrong: whoever goes on afterwards must know. */
  takeOver(): Promise<unknown>;
  /** The same: what is resolved is opened again, and then taken over. */
  reopenForMe(): Promise<unknown>;
  stop(): void;
  resolve(): void;
  reopen(): void;
  giveBack(): void;
  askForPerson(): void;
  readonly isBusy: boolean;
}

export function useActs(id: string): Acts {
  const tellProblem = useTellProblem();
  const [takeOver, isTaking] = useTakeOver();
  const [stop, isStopping] = useStop();
  const [resolve, isResolving] = useResolve();
  const [reopen, isReopening] = useReopen();
  const [giveBack, isReturning] = useReturn();
  const [askForPerson, isAsking] = useHandoff();
  const variables = { input: { conversationId: id } };
  return {
    takeOver: () => takeOver(variables),
    reopenForMe: async () => {
      await reopen(variables);
      return takeOver(variables);
    },
    stop: () => void stop(variables).catch(tellProblem),
    resolve: () => void resolve(variables).catch(tellProblem),
    reopen: () => void reopen(variables).catch(tellProblem),
    giveBack: () => void giveBack(variables).catch(tellProblem),
    askForPerson: () => void askForPerson(variables).catch(tellProblem),
    isBusy: isTaking || isStopping || isResolving || isReopening || isReturning || isAsking,
  };
}

const useTakeOver = () =>
  useChange<useActsTakeOverMutation>(graphql`
    mutation useActsTakeOverMutation($input: TakeOverConversationInput!) {
      takeOverConversation(input: $input) {
        ... on TakeOverConversationSuccess {
          conversation {
            ...ThreadHeader_conversation
          }
        }
        ... on Error {
          code
          message
        }
      }
    }
  `);

const useStop = () =>
  useChange<useActsStopMutation>(graphql`
    mutation useActsStopMutation($input: StopAnswerInput!) {
      stopAnswer(input: $input) {
        ... on StopAnswerSuccess {
          conversation {
            ...ThreadHeader_conversation
          }
        }
        ... on Error {
          code
          message
        }
      }
    }
  `);

const useResolve = () =>
  useChange<useActsResolveMutation>(graphql`
    mutation useActsResolveMutation($input: ResolveConversationInput!) {
      resolveConversation(input: $input) {
        ... on ResolveConversationSuccess {
          conversation {
            ...ThreadHeader_conversation
          }
        }
        ... on Error {
          code
          message
        }
      }
    }
  `);

const useReopen = () =>
  useChange<useActsReopenMutation>(graphql`
    mutation useActsReopenMutation($input: ReopenConversationInput!) {
      reopenConversation(input: $input) {
        ... on ReopenConversationSuccess {
          conversation {
            ...ThreadHeader_conversation
          }
        }
        ... on Error {
          code
          message
        }
      }
    }
  `);

const useReturn = () =>
  useChange<useActsReturnMutation>(graphql`
    mutation useActsReturnMutation($input: ReturnConversationInput!) {
      returnConversation(input: $input) {
        ... on ReturnConversationSuccess {
          conversation {
            ...ThreadHeader_conversation
          }
        }
        ... on Error {
          code
          message
        }
      }
    }
  `);

const useHandoff = () =>
  useChange<useActsHandoffMutation>(graphql`
    mutation useActsHandoffMutation($input: RequestHandoffInput!) {
      requestHandoff(input: $input) {
        ... on RequestHandoffSuccess {
          conversation {
            ...ThreadHeader_conversation
          }
        }
        ... on Error {
          code
          message
        }
      }
    }
  `);
