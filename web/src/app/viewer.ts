/** Who is signed in, and what they may do: what is not theirs is not offered. */
import { graphql, useLazyLoadQuery } from "react-relay";
import type { Permission, viewerQuery, viewerQuery$data } from "~/__generated__/viewerQuery.graphql";

const query = graphql`
  query viewerQuery {
    viewer {
      kind
      inboxCursor
      grants {
        permission
        scope
      }
      organization {
        id
        name
        slug
      }
      agent {
        id
        name
        email
        role
      }
    }
  }
`;

export type Viewer = viewerQuery$data["viewer"];

/** Asked once; the store answers afterwards. */
export function useViewer(): Viewer {
  return useLazyLoadQuery<viewerQuery>(query, {}, { fetchPolicy: "store-or-network" }).viewer;
}

/** Whether the person may, for anything at all; the server decides again for each object. */
export function useMay(permission: Permission): boolean {
  return useViewer().grants.some((grant) => grant.permission === permission);
}
