/** What can be done with one webhook. */
import { graphql } from "react-relay";
import type { deedsDeleteWebhookMutation } from "~/__generated__/deedsDeleteWebhookMutation.graphql";
import type { deedsDisableWebhookMutation } from "~/__generated__/deedsDisableWebhookMutation.graphql";
import type { deedsEnableWebhookMutation } from "~/__generated__/deedsEnableWebhookMutation.graphql";
import type { deedsReplayWebhookMutation } from "~/__generated__/deedsReplayWebhookMutation.graphql";
import type { deedsRotateWebhookMutation } from "~/__generated__/deedsRotateWebhookMutation.graphql";
import type { deedsTestWebhookMutation } from "~/__generated__/deedsTestWebhookMutation.graphql";
import { useChange } from "~/changes";

/** Each raises why it could not be; `rotate` gives the new secret. */
export function useDeeds(webhookId: string) {
  const [enable, isEnabling] = useChange<deedsEnableWebhookMutation>(graphql`
    mutation deedsEnableWebhookMutation($input: EnableWebhookInput!) {
      enableWebhook(input: $input) {
        ... on EnableWebhookSuccess {
          webhook {
            ...Webhook_webhook
          }
        }
        ... on Error {
          code
          message
        }
      }
    }
  `);
  const [disable, isDisabling] = useChange<deedsDisableWebhookMutation>(graphql`
    mutation deedsDisableWebhookMutation($input: DisableWebhookInput!) {
      disableWebhook(input: $input) {
        ... on DisableWebhookSuccess {
          webhook {
            ...Webhook_webhook
          }
        }
        ... on Error {
          code
          message
        }
      }
    }
  `);
  const [test, isTesting] = useChange<deedsTestWebhookMutation>(graphql`
    mutation deedsTestWebhookMutation($input: TestWebhookInput!) {
      testWebhook(input: $input) {
        ... on TestWebhookSuccess {
          webhook {
            ...Webhook_webhook
          }
        }
        ... on Error {
          code
          message
        }
      }
    }
  `);
  const [replay, isReplaying] = useChange<deedsReplayWebhookMutation>(graphql`
    mutation deedsReplayWebhookMutation($input: ReplayWebhookInput!) {
      replayWebhook(input: $input) {
        ... on ReplayWebhookSuccess {
          webhook {
            ...Webhook_webhook
          }
        }
        ... on Error {
          code
          message
        }
      }
    }
  `);
  const [rotate, isRotating] = useChange<deedsRotateWebhookMutation>(graphql`
    mutation deedsRotateWebhookMutation($input: RotateWebhookSecretInput!) {
      rotateWebhookSecret(input: $input) {
        ... on RotateWebhookSecretSuccess {
          secret
          webhook {
            ...Webhook_webhook
          }
        }
        ... on Error {
          code
          message
        }
      }
    }
  `);
  const [remove, isRemoving] = useChange<deedsDeleteWebhookMutation>(graphql`
    mutation deedsDeleteWebhookMutation($input: DeleteWebhookInput!) {
      deleteWebhook(input: $input) {
        ... on DeleteWebhookSuccess {
          deletedId
        }
        ... on Error {
          code
          message
        }
      }
    }
  `);
  const variables = { input: { webhookId } };
  return {
    enable: () => enable(variables),
    disable: () => disable(variables),
    test: () => test(variables),
    replay: () => replay(variables),
    rotate: async () => (await rotate(variables)).secret ?? null,
    remove: () => remove(variables),
    isBusy: isEnabling || isDisabling || isTesting || isReplaying || isRotating || isRemoving,
  };
}
