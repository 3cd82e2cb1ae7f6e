/** Who works here, and who is invited to. */
import { UserPlus } from "lucide-react";
import { useState } from "react";
import { graphql, useLazyLoadQuery, usePaginationFragment } from "react-relay";
import { useTranslations } from "use-intl";
import type { Members_people$key } from "~/__generated__/Members_people.graphql";
import type { MembersPeoplePageQuery } from "~/__generated__/MembersPeoplePageQuery.graphql";
import type { MembersQuery } from "~/__generated__/MembersQuery.graphql";
import { useMay } from "~/app/viewer";
import { Button } from "~/components/Button";
import { Page, Section } from "~/components/Page";
import { List } from "~/components/Table";
import { Invitations } from "./Invitations";
import { InviteDialog } from "./InviteDialog";
import { Member } from "./Member";

export default function Members() {
  const t = useTranslations("people.members");
  const mayManage = useMay("MANAGE_AGENTS");
  const [isInviting, setInviting] = useState(false);
  const data = useLazyLoadQuery<MembersQuery>(
    graphql`
      query MembersQuery($mayManage: Boolean!) {
        roles {
          id
          name
          ...Member_roles
        }
        teams {
          id
          name
        }
        ...Members_people
        ...Invitations_list @include(if: $mayManage) @alias(as: "invited")
      }
    `,
    { mayManage },
    { fetchPolicy: "store-and-network" },
  );
  const invite = (
    <Button look="primary" icon={UserPlus} onPress={() => setInviting(true)}>
      {t("invite")}
    </Button>
  );
  return (
    <Page title={t("title")} about={t("about")} actions={mayManage && invite}>
      <People query={data} roles={data.roles} />
      {data.invited && <Invitations query={data.invited} />}
      {isInviting && <InviteDialog roles={data.roles} teams={data.teams} onClose={() => setInviting(false)} />}
    </Page>
  );
}

interface PeopleProps {
  readonly query: Members_people$key;
  readonly roles: MembersQuery["response"]["roles"];
}

function People({ query, roles }: PeopleProps) {
  const t = useTranslations("people.members");
  const act = useTranslations("app.act");
  const { data, hasNext, isLoadingNext, loadNext } = usePaginationFragment<MembersPeoplePageQuery, Members_people$key>(
    graphql`
      fragment Members_people on Query
      @refetchable(queryName: "MembersPeoplePageQuery")
      @argumentDefinitions(count: { type: "Int", defaultValue: 50 }, cursor: { type: "String" }) {
        agents(first: $count, after: $cursor) @connection(key: "Members_agents") {
          edges {
            node {
              id
              ...Member_agent
            }
          }
        }
      }
    `,
    query,
  );
  return (
    <Section title={t("people")}>
      <List label={t("people")}>
        {data.agents.edges.map(({ node }) => (
          <Member key={node.id} agent={node} roles={roles} />
        ))}
      </List>
      {hasNext && (
        <Button look="quiet" isBusy={isLoadingNext} onPress={() => loadNext(50)}>
          {act("more")}
        </Button>
      )}
    </Section>
  );
}
