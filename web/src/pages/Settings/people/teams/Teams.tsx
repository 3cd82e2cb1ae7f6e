/** Which teams there are, with their people and inboxes. */
import { Pencil, Plus, Trash2, Users } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { graphql, useFragment, useLazyLoadQuery } from "react-relay";
import { useTranslations } from "use-intl";
import type { Teams_team$data, Teams_team$key } from "~/__generated__/Teams_team.graphql";
import type { TeamsDeleteMutation } from "~/__generated__/TeamsDeleteMutation.graphql";
import type { TeamsQuery } from "~/__generated__/TeamsQuery.graphql";
import { useMay } from "~/app/viewer";
import { present, useChange } from "~/changes";
import { Button, IconButton } from "~/components/Button";
import { ConfirmDialog } from "~/components/Dialog";
import { EmptyState } from "~/components/Feedback";
import { Page, Section } from "~/components/Page";
import { List, ListItem } from "~/components/Table";

const TeamDialog = lazy(() => import("./TeamDialog"));

const TEAM = graphql`
  fragment Teams_team on Team {
    id
    name
    agents(first: 100) {
      nodes {
        id
        name
      }
      pageInfo {
        hasNextPage
      }
    }
    inboxes {
      id
      name
    }
  }
`;

export default function Teams() {
  const t = useTranslations("people.teams");
  const mayManage = useMay("MANAGE_TEAMS");
  const [editing, setEditing] = useState<"new" | Teams_team$data | null>(null);
  const { teams } = useLazyLoadQuery<TeamsQuery>(
    graphql`
      query TeamsQuery {
        teams {
          id
          ...Teams_team
        }
      }
    `,
    {},
    { fetchPolicy: "store-and-network" },
  );
  const create = (
    <Button look="primary" icon={Plus} onPress={() => setEditing("new")}>
      {t("create")}
    </Button>
  );
  return (
    <Page title={t("title")} about={t("about")} actions={mayManage && create}>
      <Section>
        {teams.length === 0 ? (
          <EmptyState icon={Users} title={t("empty")} hint={t("emptyHint")} />
        ) : (
          <List label={t("title")}>
            {present(teams).map((team) => (
              <Row key={team.id} team={team} mayManage={mayManage} onEdit={setEditing} />
            ))}
          </List>
        )}
      </Section>
      <Suspense>
        {editing && <TeamDialog team={editing === "new" ? null : editing} onClose={() => setEditing(null)} />}
      </Suspense>
    </Page>
  );
}

interface RowProps {
  readonly team: Teams_team$key;
  readonly mayManage: boolean;
  readonly onEdit: (team: Teams_team$data) => void;
}

function Row({ team: key, mayManage, onEdit }: RowProps) {
  const t = useTranslations("people.teams");
  const act = useTranslations("app.act");
  const team = useFragment(TEAM, key);
  const [isAsking, setAsking] = useState(false);
  const [remove, isBusy] = useChange<TeamsDeleteMutation>(graphql`
    mutation TeamsDeleteMutation($input: DeleteTeamInput!) {
      deleteTeam(input: $input) {
        ... on DeleteTeamSuccess {
          deletedId @deleteRecord
        }
        ... on Error {
          code
          message
        }
      }
    }
  `);
  const people = team.agents.pageInfo.hasNextPage ? "100+" : t("peopleCount", { count: team.agents.nodes.length });
  const inboxes = team.inboxes.map((inbox) => inbox.name).join(", ") || t("noInboxes");
  const actions = mayManage && (
    <>
      <IconButton icon={Pencil} label={act("edit")} onPress={() => onEdit(team)} />
      <IconButton icon={Trash2} label={act("delete")} onPress={() => setAsking(true)} />
    </>
  );
  return (
    <>
      <ListItem title={team.name} detail={`${people} · ${inboxes}`} actions={actions} />
      <ConfirmDialog
        title={t("deleteTitle", { name: team.name })}
        action={act("delete")}
        isOpen={isAsking}
        isBusy={isBusy}
        onClose={() => setAsking(false)}
        onConfirm={() => remove({ input: { teamId: team.id } })}
      >
        {t("deleteHint")}
      </ConfirmDialog>
    </>
  );
}
