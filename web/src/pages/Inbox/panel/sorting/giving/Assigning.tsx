/** Who has the conversation, and giving it to somebody. */
import { ChevronDown } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { graphql, useFragment } from "react-relay";
import { useTranslations } from "use-intl";
import type { Assigning_conversation$key } from "~/__generated__/Assigning_conversation.graphql";
import type { AssigningMutation } from "~/__generated__/AssigningMutation.graphql";
import { useMay, useViewer } from "~/app/viewer";
import { Refusal, useChange } from "~/changes";
import { Avatar } from "~/components/Badge";
import { Skeleton } from "~/components/Feedback";
import { Popover } from "~/components/Menu";
import { useTellProblem } from "~/components/Toast";
import { Nothing } from "../../Part";
import { Quiet } from "../Quiet";

const Agents = lazy(() => import("./Agents"));
const GiveDialog = lazy(() => import("./GiveDialog"));

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
      {asked && (
        <Suspense>
          <GiveDialog
            isBusy={isBusy}
            onGive={(reason) => assign({ input: { conversationId: id, agentId: asked, reason } })}
            onClose={() => setAsked(undefined)}
          />
        </Suspense>
      )}
    </>
  );
}
