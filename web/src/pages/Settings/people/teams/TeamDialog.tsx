/** Making a team, or choosing who and what belongs to one. */
import { Suspense, useEffect, useState } from "react";
import { graphql, useLazyLoadQuery, usePaginationFragment } from "react-relay";
import { useTranslations } from "use-intl";
import type { TeamDialog_agents$key } from "~/__generated__/TeamDialog_agents.graphql";
import type { TeamDialogAgentsQuery } from "~/__generated__/TeamDialogAgentsQuery.graphql";
import type { TeamDialogChangeMutation } from "~/__generated__/TeamDialogChangeMutation.graphql";
import type { TeamDialogCreateMutation } from "~/__generated__/TeamDialogCreateMutation.graphql";
import type { TeamDialogQuery } from "~/__generated__/TeamDialogQuery.graphql";
import type { Teams_team$data } from "~/__generated__/Teams_team.graphql";
import { Refusal, useChange } from "~/changes";
import { FormDialog } from "~/components/Dialog";
import { Notice, Skeleton } from "~/components/Feedback";
import { TextField } from "~/components/Field";
import { Several } from "../members/InviteDialog";
import { joining } from "../parts/lists";

interface TeamDialogProps {
  readonly team: Teams_team$data | null;
  readonly onClose: () => void;
}

type Ids = readonly string[];

export default function TeamDialog({ team, onClose }: TeamDialogProps) {
  const t = useTranslations("people.teams");
  const act = useTranslations("app.act");
  const isWhole = !team?.agents.pageInfo.hasNextPage;
  const [name, setName] = useState(team?.name ?? "");
  const [agentIds, setAgentIds] = useState<Ids>(team?.agents.nodes.map((agent) => agent.id) ?? []);
  const [inboxIds, setInboxIds] = useState<Ids>(team?.inboxes.map((inbox) => inbox.id) ?? []);
  const [problem, setProblem] = useState<string>();
  const [save, isBusy] = useSave(team?.id);
  const submit = async (): Promise<void> => {
    setProblem(undefined);
    await save(name, isWhole ? agentIds : null, inboxIds).catch((error: unknown) => {
      if (error instanceof Refusal) setProblem(error.of("name"));
      throw error;
    });
  };
  return (
    <FormDialog
      isOpen
      title={t(team ? "change" : "create")}
      submit={team ? undefined : act("create")}
      isBusy={isBusy}
      isDisabled={name.trim() === ""}
      onSubmit={submit}
      onClose={onClose}
    >
      <TextField label={t("name")} value={name} onChange={setName} problem={problem} autoFocus />
      <Suspense fallback={<Skeleton lines={5} />}>
        <Choices
          agentIds={isWhole ? agentIds : null}
          onAgents={setAgentIds}
          inboxIds={inboxIds}
          onInboxes={setInboxIds}
        />
      </Suspense>
    </FormDialog>
  );
}

interface ChoicesProps {
  /** Null where there are more than can be shown. */
  readonly agentIds: Ids | null;
  readonly onAgents: (ids: Ids) => void;
  readonly inboxIds: Ids;
  readonly onInboxes: (ids: Ids) => void;
}

function Choices({ agentIds, onAgents, inboxIds, onInboxes }: ChoicesProps) {
  const t = useTranslations("people.teams");
  const data = useLazyLoadQuery<TeamDialogQuery>(
    graphql`
      query TeamDialogQuery {
        inboxes {
          id
          name
        }
        ...TeamDialog_agents
      }
    `,
    {},
    { fetchPolicy: "store-and-network" },
  );
  const agents = useEverybody(data);
  return (
    <>
      {agentIds ? (
        <Several label={t("people")} of={agents} value={agentIds} onChange={onAgents} />
      ) : (
        <Notice>{t("tooMany")}</Notice>
      )}
      {data.inboxes.length > 0 && (
        <Several label={t("inboxes")} of={data.inboxes} value={inboxIds} onChange={onInboxes} />
      )}
    </>
  );
}

/** Everybody who works here, page by page: a list to choose from has to be whole. */
function useEverybody(query: TeamDialog_agents$key) {
  const { data, hasNext, isLoadingNext, loadNext } = usePaginationFragment<
    TeamDialogAgentsQuery,
    TeamDialog_agents$key
  >(
    graphql`
      fragment TeamDialog_agents on Query
      @refetchable(queryName: "TeamDialogAgentsQuery")
      @argumentDefinitions(count: { type: "Int", defaultValue: 100 }, cursor: { type: "String" }) {
        agents(first: $count, after: $cursor) @connection(key: "TeamDialog_agents") {
          edges {
            node {
              id
              name
            }
          }
        }
      }
    `,
    query,
  );
  useEffect(() => {
    if (hasNext && !isLoadingNext) loadNext(100);
  }, [hasNext, isLoadingNext, loadNext]);
  return data.agents.edges.map(({ node }) => node);
}

type Save = (name: string, agentIds: Ids | null, inboxIds: Ids) => Promise<unknown>;

/** Make a team, or change the one of this id. */
function useSave(id: string | undefined): [Save, boolean] {
  const [create, isCreating] = useChange<TeamDialogCreateMutation>(graphql`
    mutation TeamDialogCreateMutation($input: CreateTeamInput!) {
      createTeam(input: $input) {
        ... on CreateTeamSuccess {
          team {
            id
            ...Teams_team
          }
        }
        ... on InvalidInputError {
          fields {
            path
            message
          }
        }
        ... on Error {
          code
          message
        }
      }
    }
  `);
  const [change, isChanging] = useChange<TeamDialogChangeMutation>(graphql`
    mutation TeamDialogChangeMutation($input: ChangeTeamInput!) {
      changeTeam(input: $input) {
        ... on ChangeTeamSuccess {
          team {
            ...Teams_team
          }
        }
        ... on InvalidInputError {
          fields {
            path
            message
          }
        }
        ... on Error {
          code
          message
        }
      }
    }
  `);
  const save: Save = (name, agentIds, inboxIds) =>
    id
      ? change({ input: { teamId: id, name, agentIds, inboxIds } })
      : create(
          { input: { name, agentIds: agentIds ?? [], inboxIds } },
          { updater: joining("teams", "createTeam", "team") },
        );
  return [save, isCreating || isChanging];
}
