/** Of react-relay, the hooks that the console uses; its types stay those of the whole. */

export { default as RelayEnvironmentProvider } from "react-relay/lib/relay-hooks/RelayEnvironmentProvider";
export { default as useFragment } from "react-relay/lib/relay-hooks/useFragment";
export { default as useLazyLoadQuery } from "react-relay/lib/relay-hooks/useLazyLoadQuery";
export { default as usePaginationFragment } from "react-relay/lib/relay-hooks/usePaginationFragment";
export { default as useRelayEnvironment } from "react-relay/lib/relay-hooks/useRelayEnvironment";
export { default as useSubscription } from "react-relay/lib/relay-hooks/useSubscription";
export { commitMutation, fetchQuery, graphql, readInlineData, requestSubscription } from "relay-runtime";
