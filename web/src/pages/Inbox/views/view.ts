/** A saved view as all who show it need it. */
import { graphql } from "react-relay";

export const VIEW = graphql`
  fragment view_view on View @inline {
    id
    name
    isShared
    order
    conversationCount {
      count
      isCapped
    }
    filter {
      states
      inboxIds
      channels
      assigneeId
      isMine
      isAssigned
      priorities
      anyTagIds
      allTagIds
      attributes {
        key
        value
      }
      isSnoozed
      isSpam
      customerId
      isUnread
      waitingSeconds
      startedAfter
      startedBefore
      activeAfter
      activeBefore
    }
  }
`;
