/** What can be done with selected conversations. */
import { graphql } from "react-relay";
import type { actsAssignMutation } from "~/__generated__/actsAssignMutation.graphql";
import type { actsResolveMutation } from "~/__generated__/actsResolveMutation.graphql";
import type { actsSnoozeMutation } from "~/__generated__/actsSnoozeMutation.graphql";
import type { actsSpamMutation } from "~/__generated__/actsSpamMutation.graphql";
import type { actsTagMutation } from "~/__generated__/actsTagMutation.graphql";
import { useChange } from "~/changes";

type Act = (conversationId: string) => Promise<unknown>;

interface Acts {
  readonly assign: (agentId: string) => Act;
  readonly tag: (tagId: string) => Act;
  readonly snooze: (until: Date | null) => Act;
  readonly resolve: Act;
  readonly spam: Act;
}

export function useActs(): Acts {
  const [assign] = useChange<actsAssignMutation>(graphql`
    mutation actsAssignMutation($input: AssignConversationInput!) {
      assignConversation(input: $input) {
        ... on AssignConversationSuccess {
          conversation {
            ...Row_conversation
          }
        }
        ... on Error {
          code
          message
        }
      }
    }
  `);
  const [tag] = useChange<actsTagMutation>(graphql`
    mutation actsTagMutation($input: TagConversationInput!) {
      tagConversation(input: $input) {
        ... on TagConversationSuccess {
          conversation {
            ...Row_conversation
          }
        }
        ... on Error {
          code
          message
        }
      }
    }
  `);
  const [snooze] = useChange<actsSnoozeMutation>(graphql`
    mutation actsSnoozeMutation($input: SnoozeConversationInput!) {
      snoozeConversation(input: $input) {
        ... on SnoozeConversationSuccess {
          conversation {
            ...Row_conversation
          }
        }
        ... on Error {
          code
          message
        }
      }
    }
  `);
  const [resolve] = useChange<actsResolveMutation>(graphql`
    mutation actsResolveMutation($input: ResolveConversationInput!) {
      resolveConversation(input: $input) {
        ... on ResolveConversationSuccess {
          conversation {
            ...Row_conversation
          }
        }
        ... on Error {
          code
          message
        }
      }
    }
  `);
  const [spam] = useChange<actsSpamMutation>(graphql`
    mutation actsSpamMutation($input: MarkConversationAsSpamInput!) {
      markConversationAsSpam(input: $input) {
        ... on MarkConversationAsSpamSuccess {
          conversation {
            ...Row_conversation
          }
        }
        ... on Error {
          code
          message
        }
      }
    }
  `);
  return {
    assign: (agentId) => (conversationId) => assign({ input: { conversationId, agentId } }),
    tag: (tagId) => (conversationId) => tag({ input: { conversationId, addTagIds: [tagId] } }),
    snooze: (until) => (conversationId) =>
      snooze({ input: { conversationId, until: until ? until.toISOString() : null } }),
    resolve: (conversationId) => resolve({ input: { conversationId } }),
    spam: (conversationId) => spam({ input: { conversationId } }),
  };
}
