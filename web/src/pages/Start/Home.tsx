/** Where somebody goes first: an owner whose organization has neither articles nor conversations, to the first steps. */
import { graphql, useLazyLoadQuery } from "react-relay";
import type { HomeQuery } from "~/__generated__/HomeQuery.graphql";
import { Redirect } from "~/app/navigation";
import { useViewer } from "~/app/viewer";
import { isDismissed } from "./beginning";

export default function Home() {
  const { agent, organization } = useViewer();
  const isLed = agent?.role === "owner" && organization && !isDismissed(organization.id);
  return isLed ? <Beginning /> : <Redirect to="/inbox" replace />;
}

function Beginning() {
  const { articles, conversations } = useLazyLoadQuery<HomeQuery>(
    graphql`
      query HomeQuery {
        articles(first: 1) {
          nodes {
            id
          }
        }
        conversations(first: 1) {
          nodes {
            id
          }
        }
      }
    `,
    {},
    { fetchPolicy: "network-only" },
  );
  const hasNothing = articles.nodes.length === 0 && conversations.nodes.length === 0;
  return <Redirect to={hasNothing ? "/start" : "/inbox"} replace />;
}
