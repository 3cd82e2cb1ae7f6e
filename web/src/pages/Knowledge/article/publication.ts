/** Bringing an article into use, taking it out of use, and removing it. */
import { graphql } from "react-relay";
import type { publicationDeleteMutation } from "~/__generated__/publicationDeleteMutation.graphql";
import type { publicationPublishMutation } from "~/__generated__/publicationPublishMutation.graphql";
import type { publicationUnpublishMutation } from "~/__generated__/publicationUnpublishMutation.graphql";
import { useChange } from "~/changes";

interface Publication {
  publish(): Promise<unknown>;
  unpublish(): Promise<unknown>;
  remove(): Promise<unknown>;
  readonly isBusy: boolean;
}

export function usePublication(articleId: string): Publication {
  const [publish, isPublishing] = useChange<publicationPublishMutation>(graphql`
    mutation publicationPublishMutation($input: PublishArticleInput!) {
      publishArticle(input: $input) {
        ... on PublishArticleSuccess {
          article {
            id
            title
            state
            number
            newestNumber
            audience
            updatedAt
            body
          }
        }
        ... on Error {
          code
          message
        }
      }
    }
  `);
  const [unpublish, isUnpublishing] = useChange<publicationUnpublishMutation>(graphql`
    mutation publicationUnpublishMutation($input: UnpublishArticleInput!) {
      unpublishArticle(input: $input) {
        ... on UnpublishArticleSuccess {
          article {
            id
            state
            number
            updatedAt
          }
        }
        ... on Error {
          code
          message
        }
      }
    }
  `);
  const [remove, isRemoving] = useChange<publicationDeleteMutation>(graphql`
    mutation publicationDeleteMutation($input: DeleteArticleInput!) {
      deleteArticle(input: $input) {
        ... on DeleteArticleSuccess {
          deletedId @deleteRecord
        }
        ... on Error {
          code
          message
        }
      }
    }
  `);
  const variables = { input: { articleId } };
  return {
    publish: () => publish(variables),
    unpublish: () => unpublish(variables),
    remove: () => remove(variables),
    isBusy: isPublishing || isUnpublishing || isRemoving,
  };
}
