/** Who has the conversation, and giving it to somebody. */
import { ChevronDown } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { graphql, useFragment, useLazyLoadQuery } from "react-relay";
import { useTranslations } from "use-intl";
import type { Assigning_conversation$key } from "~/__generated__/Assigning_conversation.graphql";
import type { AssigningMutation } from "~/__generated__/AssigningMutation.graphql";
import type { AssigningQuery } from "~/__generated__/AssigningQuery.graphql";
import { useMay, useViewer } from "~/app/viewer";
import { Refusal, useChange } from "~/changes";
import { Avatar } from "~/components/Badge";
import { FormDialog } from "~/components/Dialog";
import { Skeleton } from "~/components/Feedback";
import { TextField } from "~/components/Field";
import { Popover } from "~/components/Menu";
import { useTellProblem } from "~/components/Toast";
import { Nothing } from "../Part";
import { Quiet } from "./Quiet";

const Picker = lazy(() => import("./Picker"));

export function Assigning({ conversation: key }: { readonly conversation: Assigning_conversation$key }) {
  const t = useTranslations("panel.assignee");
  const { id, state, assignee } = useFragment(
    graphql`
      fragment Assigning_conversation on Conversation {
        id
        state
        assignee {
          id
          name
          teams {
            id
            name
          }
        }
      }
    `,
    key,
  );
  const { kind, agent } = useViewer();
  const mayReply = useMay("REPLY_TO_CONVERSATIONS");
  const mayRead = useMay("READ_AGENTS");
  const isOthers = assignee !== null && assignee?.id !== agent?.id && kind === "AGENT";
  const mayAssign = mayReply && mayRead && state !== "RESOLVED" && !isOthers;
  // Whoever has just taken it may come without teams: events tell who it is, and nothing else of them.
  const teams = assignee?.teams?.map((team) => team.name).join(", ");
  const words = assignee ? (
    <span className="flex min-w-0 items-center gap-2">
      <Avatar name={assignee.name} size={20} />
      <span className="min-w-0 truncate">{assignee.name}</span>
      {teams && <span className="truncate text-ink-faint text-xs">{teams}</span>}
    </span>
  ) : (
    <Nothing>{t("nobody")}</Nothing>
  );
  if (!mayAssign) return <span title={isOthers ? t("others") : undefined}>{words}</span>;
  return (
    <Giving id={id} assigneeId={assignee?.id}>
      {words}
    </Giving>
  );
}

interface GivingProps {
  readonly id: string;
  readonly assigneeId: string | undefined;
  readonly children: React.ReactNode;
}

function Giving({ id, assigneeId, children }: GivingProps) {
  const t = useTranslations("panel.assignee");
  const tell = useTellProblem();
  const [asked, setAsked] = useState<string>();
  const [reason, setReason] = useState("");
  const [assign, isBusy] = useChange<AssigningMutation>(graphql`
    mutation AssigningMutation($input: AssignConversationInput!) {
      assignConversation(input: $input) {
        ... on AssignConversationSuccess {
          conversation {
            id
            state
            waitingSince
            lastActivityAt
            ...Assigning_conversation
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
  const give = (agentId: string): void => {
    assign({ input: { conversationId: id, agentId } }).catch((error: unknown) => {
      // Who has enough already is given more with a reason only.
      if (error instanceof Refusal && error.of("reason")) setAsked(agentId);
      else tell(error);
    });
  };
  return (
    <>
      <Popover
        label={t("choose")}
        placement="bottom start"
        trigger={
          <Quiet isBusy={isBusy} icon={ChevronDown} label={t("choose")}>
            {children}
          </Quiet>
        }
      >
        {(close) => (
          <Suspense fallback={<Skeleton className="p-2" />}>
            <Agents
              chosen={assigneeId}
              onChoose={(agentId) => {
                close();
                give(agentId);
              }}
            />
          </Suspense>
        )}
      </Popover>
      <FormDialog
        title={t("full")}
        isOpen={asked !== undefined}
        isBusy={isBusy}
        isDisabled={reason.trim() === ""}
        submit={t("give")}
        onClose={() => setAsked(undefined)}
        onSubmit={() => assign({ input: { conversationId: id, agentId: asked ?? "", reason: reason.trim() } })}
      >
        <TextField
          label={t("reason")}
          hint={t("reasonHint")}
          value={reason}
          onChange={setReason}
          maxLength={500}
          autoFocus
        />
      </FormDialog>
    </>
  );
}

interface AgentsProps {
  readonly chosen: string | undefined;
  readonly onChoose: (id: string) => void;
}

function Agents({ chosen, onChoose }: AgentsProps) {
  const t = useTranslations("panel.assignee");
  const { agent: me } = useViewer();
  const { agents } = useLazyLoadQuery<AssigningQuery>(
    graphql`
      query AssigningQuery {
        agents(first: 100) {
          nodes {
            id
            name
            suspendedAt
            availability {
              status
              load
              capacity
            }
          }
        }
      }
    `,
    {},
    { fetchPolicy: "store-and-network" },
  );
  const options = agents.nodes
    .filter((agent) => !agent.suspendedAt)
    .map((agent) => ({
      id: agent.id,
      label: agent.id === me?.id ? t("me", { name: agent.name }) : agent.name,
      mark: <Avatar name={agent.name} size={20} />,
      detail: agent.availability
        ? t("standing", {
            status: t(`status.${agent.availability.status}`),
            load: agent.availability.load,
            capacity: agent.availability.capacity,
          })
        : undefined,
    }))
    .sort((one, other) => Number(other.id === me?.id) - Number(one.id === me?.id));
  return (
    <Picker
      label={t("choose")}
      options={options}
      chosen={chosen ? [chosen] : []}
      nothing={t("none")}
      onChange={([id]) => id && id !== chosen && onChoose(id)}
    />
  );
}
