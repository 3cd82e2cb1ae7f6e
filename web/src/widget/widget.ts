/** What the widget asks of the API. Nothing here runs: the compiler makes types of it, and names the documents. */
import { graphql } from "relay-runtime";

export const documents = [
  graphql`
    query widgetSettingsQuery($inboxId: ID!) {
      widget(inboxId: $inboxId) {
        inboxId
        organizationName
        organizationSlug
        accent
        accentInk
        side
        greetings {
          language
          text
        }
        launcherLabel
        privacyLink
        languages
        takesVisitors
        isOpen
        opensAt
      }
    }
  `,
  graphql`
    query widgetHistoryQuery {
      viewer {
        customer {
          name
          externalId
        }
      }
      conversations(first: 30) {
        nodes {
          id
          subject
          state
          messageCount
          lastActivityAt
          lastMessage {
            number
            kind
            text
            author {
              __typename
              ... on Customer {
                id
              }
            }
          }
        }
      }
    }
  `,
  graphql`
    fragment widget_message on Message {
      id
      number
      kind
      text
      createdAt
      choices
      needsCode
      citations {
        passageId
        title
        headings
        link
      }
      attachments {
        id
        name
        contentType
        size
        state
      }
      rating {
        helpful
      }
      author {
        __typename
        ... on Agent {
          name
        }
        ... on Customer {
          id
        }
        ... on Assistant {
          name
        }
      }
    }
  `,
  graphql`
    fragment widget_conversation on Conversation {
      id
      state
      subject
      episode
      isAnswering
      waitingSince
      assignee {
        name
      }
      survey {
        id
        episode
        score
        comment
      }
    }
  `,
  graphql`
    query widgetConversationQuery($id: ID!, $before: String) {
      conversation(id: $id) {
        ...widget_conversation @relay(mask: false)
        cursor
        messages(last: 50, before: $before) {
          nodes {
            ...widget_message @relay(mask: false)
          }
          pageInfo {
            hasPreviousPage
            startCursor
          }
        }
      }
    }
  `,
  graphql`
    subscription widgetChangedSubscription($id: ID!, $after: String) {
      conversationChanged(id: $id, after: $after) {
        __typename
        ... on ConversationEvent {
          cursor
          conversation {
            ...widget_conversation @relay(mask: false)
          }
        }
        ... on MessageSent {
          message {
            ...widget_message @relay(mask: false)
          }
        }
        ... on AnswerStarted {
          messageId
          attempt
        }
        ... on AnswerFrame {
          messageId
          attempt
          offset
          text
        }
        ... on AnswerCompleted {
          message {
            ...widget_message @relay(mask: false)
          }
        }
        ... on AnswerStopped {
          partialMessage {
            ...widget_message @relay(mask: false)
          }
        }
        ... on AnswerRated {
          ratedMessage {
            ...widget_message @relay(mask: false)
          }
        }
        ... on HandoffRequested {
          message {
            ...widget_message @relay(mask: false)
          }
        }
        ... on ResyncRequired {
          cursor
        }
      }
    }
  `,
  graphql`
    subscription widgetSignalsSubscription($id: ID!) {
      conversationSignals(id: $id) {
        kind
        isStaff
        until
        agent {
          name
        }
      }
    }
  `,
  graphql`
    query widgetPassageQuery($id: ID!) {
      node(id: $id) {
        ... on Passage {
          title
          headings
          text
          link
        }
      }
    }
  `,
  graphql`
    query widgetFileQuery($id: ID!) {
      node(id: $id) {
        ... on File {
          url
          state
        }
      }
    }
  `,
  graphql`
    mutation widgetStartMutation($input: StartConversationInput!) {
      startConversation(input: $input) {
        __typename
        ... on StartConversationSuccess {
          conversation {
            ...widget_conversation @relay(mask: false)
          }
          sentMessage {
            ...widget_message @relay(mask: false)
          }
        }
        ... on Error {
          code
          message
        }
      }
    }
  `,
  graphql`
    mutation widgetSendMutation($input: SendMessageInput!) {
      sendMessage(input: $input) {
        __typename
        ... on SendMessageSuccess {
          conversation {
            ...widget_conversation @relay(mask: false)
          }
          sentMessage {
            ...widget_message @relay(mask: false)
          }
        }
        ... on Error {
          code
          message
        }
      }
    }
  `,
  graphql`
    mutation widgetHandoffMutation($input: RequestHandoffInput!) {
      requestHandoff(input: $input) {
        __typename
        ... on RequestHandoffSuccess {
          conversation {
            ...widget_conversation @relay(mask: false)
          }
        }
        ... on Error {
          code
          message
        }
      }
    }
  `,
  graphql`
    mutation widgetStopMutation($input: StopAnswerInput!) {
      stopAnswer(input: $input) {
        __typename
        ... on StopAnswerSuccess {
          conversation {
            ...widget_conversation @relay(mask: false)
          }
        }
        ... on Error {
          code
          message
        }
      }
    }
  `,
  graphql`
    mutation widgetRateMutation($input: RateAnswerInput!) {
      rateAnswer(input: $input) {
        __typename
        ... on RateAnswerSuccess {
          ratedMessage {
            ...widget_message @relay(mask: false)
          }
        }
        ... on Error {
          code
          message
        }
      }
    }
  `,
  graphql`
    mutation widgetEmailMutation($input: LeaveEmailInput!) {
      leaveEmail(input: $input) {
        __typename
        ... on Error {
          code
          message
        }
      }
    }
  `,
  graphql`
    mutation widgetVerifyMutation($input: VerifyMyselfInput!) {
      verifyMyself(input: $input) {
        __typename
        ... on Error {
          code
          message
        }
      }
    }
  `,
  graphql`
    mutation widgetSurveyMutation($input: AnswerSurveyInput!) {
      answerSurvey(input: $input) {
        __typename
        ... on AnswerSurveySuccess {
          survey {
            id
            episode
            score
            comment
          }
        }
        ... on Error {
          code
          message
        }
      }
    }
  `,
  graphql`
    mutation widgetTypingMutation($input: SetTypingInput!) {
      setTyping(input: $input) {
        __typename
      }
    }
  `,
  graphql`
    mutation widgetUploadMutation($input: RequestUploadInput!) {
      requestUpload(input: $input) {
        __typename
        ... on RequestUploadSuccess {
          file {
            id
          }
          upload {
            url
            method
            headers {
              name
              value
            }
          }
        }
        ... on Error {
          code
          message
        }
      }
    }
  `,
  graphql`
    mutation widgetUploadedMutation($input: CompleteUploadInput!) {
      completeUpload(input: $input) {
        __typename
        ... on CompleteUploadSuccess {
          file {
            id
            state
            refusal
          }
        }
        ... on Error {
          code
          message
        }
      }
    }
  `,
];
