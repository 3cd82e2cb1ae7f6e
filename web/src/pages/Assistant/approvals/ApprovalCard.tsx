/** One action: what will be done, for whom, until when it waits; and the decision. */
import { Check, Wrench, X } from "lucide-react";
import { useState } from "react";
import { graphql, useFragment } from "react-relay";
import { useTranslations } from "use-intl";
import type { ApprovalCard_action$data, ApprovalCard_action$key } from "~/__generated__/ApprovalCard_action.graphql";
import type { ApprovalCardApproveMutation } from "~/__generated__/ApprovalCardApproveMutation.graphql";
import { Link } from "~/app/navigation";
import { useChange } from "~/changes";
import { Ago, Badge, type Tone, When } from "~/components/Badge";
import { Button } from "~/components/Button";
import { Problem } from "~/components/Feedback";
import { Section } from "~/components/Page";
import { Facts } from "../tools/Facts";
import { RejectDialog } from "./RejectDialog";

const TONES: Partial<Record<string, Tone>> = {
  PROPOSED: "warning",
  SUCCEEDED: "success",
  FAILED: "danger",
  UNKNOWN: "danger",
};

export function ApprovalCard({ action: key }: { readonly action: ApprovalCard_action$key }) {
  const t = useTranslations("assistant.approvals");
  const action = useFragment(
    graphql`
      fragment ApprovalCard_action on Action {
        id
        title
        proposedAt
        expiresAt
        decidedAt
        reason
        decidedBy {
          id
          name
        }
        call {
          id
          name
          state
          input
          output
          tool {
            id
            description
          }
        }
        conversation {
          id
          subject
          customer {
            id
            name
          }
        }
      }
    `,
    key,
  );
  const { call } = action;
  return (
    <Section>
      <div className="flex flex-wrap items-center gap-2">
        <Wrench size={16} aria-hidden className="text-ink-muted" />
        <h2 className="font-semibold">{action.title}</h2>
        {call && <Badge tone={TONES[call.state]}>{t(`states.${call.state}`)}</Badge>}
        <span className="ms-auto text-ink-muted text-xs">
          <Ago at={action.proposedAt} />
        </span>
      </div>
      {call?.tool && <p className="mt-1 text-ink-muted">{call.tool.description}</p>}
      <Where action={action} />
      <h3 className="mt-3 mb-1 font-medium text-ink-muted text-xs">{t("with")}</h3>
      <Facts of={call?.input} empty={t("nothing")} />
      {call?.state === "PROPOSED" ? <Decision action={action} /> : <Outcome action={action} />}
    </Section>
  );
}

function Where({ action }: { readonly action: ApprovalCard_action$data }) {
  const t = useTranslations("assistant.approvals");
  const { conversation } = action;
  if (!conversation) return null;
  return (
    <p className="mt-2 text-sm">
      {conversation.customer?.name || t("visitor")}
      {" · "}
      <Link to={`/inbox/open/${encodeURIComponent(conversation.id)}`} className="text-accent-ink hover:underline">
        {conversation.subject || t("conversation")}
      </Link>
    </p>
  );
}

function Decision({ action }: { readonly action: ApprovalCard_action$data }) {
  const t = useTranslations("assistant.approvals");
  const [isRejecting, setRejecting] = useState(false);
  const [problem, setProblem] = useState<unknown>(null);
  const [approve, isBusy] = useChange<ApprovalCardApproveMutation>(graphql`
    mutation ApprovalCardApproveMutation($input: ApproveActionInput!) {
      approveAction(input: $input) {
        ... on ApproveActionSuccess {
          action {
            ...ApprovalCard_action
          }
        }
        ... on Error {
          code
          message
        }
      }
    }
  `);
  const agree = (): void => {
    setProblem(null);
    approve({ input: { actionId: action.id } }).catch(setProblem);
  };
  return (
    <div className="mt-4 flex flex-col gap-2">
      <div className="flex flex-wrap items-center gap-2">
        <Button look="primary" icon={Check} isBusy={isBusy} onPress={agree}>
          {t("approve")}
        </Button>
        <Button icon={X} isDisabled={isBusy} onPress={() => setRejecting(true)}>
          {t("reject")}
        </Button>
        {action.expiresAt && (
          <span className="text-ink-muted text-xs">
            {t.rich("until", { when: () => <When at={action.expiresAt as string} withTime /> })}
          </span>
        )}
      </div>
      <Problem of={problem} />
      {isRejecting && <RejectDialog actionId={action.id} onClose={() => setRejecting(false)} />}
    </div>
  );
}

function Outcome({ action }: { readonly action: ApprovalCard_action$data }) {
  const t = useTranslations("assistant.approvals");
  const { call, decidedAt, decidedBy, reason } = action;
  return (
    <div className="mt-3 flex flex-col gap-1 text-ink-muted text-xs">
      {decidedAt && (
        <p>
          {t("decidedBy", { name: decidedBy?.name ?? t("somebody") })} · <When at={decidedAt} withTime />
        </p>
      )}
      {reason && <p>{t("because", { reason })}</p>}
      {call?.output && (
        <pre className="overflow-auto whitespace-pre-wrap rounded-md bg-sunken p-2 font-mono text-ink text-xs">
          {call.output}
        </pre>
      )}
    </div>
  );
}
