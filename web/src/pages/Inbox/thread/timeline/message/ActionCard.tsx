/** What a tool was asked to do, and the decision about it where a person has to agree. */
import { Wrench } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { fetchQuery, graphql, useFragment, useRelayEnvironment } from "react-relay";
import { useTranslations } from "use-intl";
import type { ActionCard_call$key } from "~/__generated__/ActionCard_call.graphql";
import type { ActionCardApproveMutation } from "~/__generated__/ActionCardApproveMutation.graphql";
import type { ActionCardQuery } from "~/__generated__/ActionCardQuery.graphql";
import type { ActionCardRejectMutation } from "~/__generated__/ActionCardRejectMutation.graphql";
import { useMay } from "~/app/viewer";
import { useChange } from "~/changes";
import { Badge, type Tone } from "~/components/Badge";
import { Button } from "~/components/Button";
import { Problem } from "~/components/Feedback";

const RejectDialog = lazy(() => import("./RejectDialog"));

const CALL = graphql`
  fragment ActionCard_call on ToolCall {
    id
    name
    state
    input
    tool {
      title
    }
  }
`;

const TONES: Partial<Record<string, Tone>> = { PROPOSED: "warning", SUCCEEDED: "success", FAILED: "danger" };

interface ActionCardProps {
  readonly call: ActionCard_call$key;
  readonly isProposal: boolean;
}

export default function ActionCard({ call: key, isProposal }: ActionCardProps) {
  const t = useTranslations("conversation.action");
  const call = useFragment(CALL, key);
  const mayDecide = useMay("APPROVE_ACTIONS");
  const input = Object.entries((call.input ?? {}) as Record<string, unknown>);
  return (
    <div className="mt-2 rounded-lg bg-surface p-3 text-xs ring-1 ring-line">
      <p className="flex flex-wrap items-center gap-2 font-medium">
        <Wrench size={14} aria-hidden className="text-ink-muted" />
        {call.tool?.title ?? call.name}
        <Badge tone={TONES[call.state]}>{t(`states.${call.state}`)}</Badge>
      </p>
      <dl className="mt-2 grid grid-cols-[auto_1fr] gap-x-3 gap-y-0.5">
        {input.map(([name, value]) => (
          <div key={name} className="contents">
            <dt className="text-ink-muted">{name}</dt>
            <dd className="font-mono [overflow-wrap:anywhere]">
              {typeof value === "string" ? value : JSON.stringify(value)}
            </dd>
          </div>
        ))}
      </dl>
      {isProposal && mayDecide && call.state === "PROPOSED" && <Decision callId={call.id} />}
    </div>
  );
}

function Decision({ callId }: { readonly callId: string }) {
  const t = useTranslations("conversation.action");
  const [isRejecting, setRejecting] = useState(false);
  const [problem, setProblem] = useState<unknown>(null);
  const { approve, reject, isBusy } = useDecision(callId);
  return (
    <div className="mt-3 flex flex-col gap-2">
      <div className="flex gap-2">
        <Button look="primary" isBusy={isBusy} onPress={() => void approve().then(() => setProblem(null), setProblem)}>
          {t("approve")}
        </Button>
        <Button isDisabled={isBusy} onPress={() => setRejecting(true)}>
          {t("reject")}
        </Button>
      </div>
      <Problem of={problem} />
      {isRejecting && (
        <Suspense>
          <RejectDialog isBusy={isBusy} onReject={reject} onClose={() => setRejecting(false)} />
        </Suspense>
      )}
    </div>
  );
}

/** Decide the action that a call is part of; raises what is wrong. */
function useDecision(callId: string) {
  const t = useTranslations("conversation.action");
  const environment = useRelayEnvironment();
  const [approve, isApproving] = useChange<ActionCardApproveMutation>(graphql`
    mutation ActionCardApproveMutation($input: ApproveActionInput!) {
      approveAction(input: $input) {
        ... on ApproveActionSuccess {
          action {
            call {
              ...ActionCard_call
            }
          }
        }
        ... on Error {
          code
          message
        }
      }
    }
  `);
  const [reject, isRejecting] = useChange<ActionCardRejectMutation>(graphql`
    mutation ActionCardRejectMutation($input: RejectActionInput!) {
      rejectAction(input: $input) {
        ... on RejectActionSuccess {
          action {
            call {
              ...ActionCard_call
            }
          }
        }
        ... on Error {
          code
          message
        }
      }
    }
  `);
  const actionId = async (): Promise<string> => {
    const found = await fetchQuery<ActionCardQuery>(
      environment,
      graphql`
        query ActionCardQuery {
          actions(waiting: true, first: 100) {
            nodes {
              id
              call {
                id
              }
            }
          }
        }
      `,
      {},
    ).toPromise();
    const action = found?.actions.nodes.find((one) => one.call?.id === callId);
    if (!action) throw new Error(t("decided"));
    return action.id;
  };
  return {
    approve: async () => approve({ input: { actionId: await actionId() } }),
    reject: async (reason: string | null) => reject({ input: { actionId: await actionId(), reason } }),
    isBusy: isApproving || isRejecting,
  };
}
