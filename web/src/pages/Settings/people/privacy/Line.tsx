/** One privacy request: whose data, how far it is, until when it must be answered, and what can be done about it. */
import { Download, RotateCcw, Undo2 } from "lucide-react";
import { useState } from "react";
import { fetchQuery, graphql, useFragment, useRelayEnvironment } from "react-relay";
import { useFormatter, useTranslations } from "use-intl";
import type { Line_request$data, Line_request$key, PrivacyState } from "~/__generated__/Line_request.graphql";
import type { LineCancelMutation } from "~/__generated__/LineCancelMutation.graphql";
import type { LineUrlQuery } from "~/__generated__/LineUrlQuery.graphql";
import { Link } from "~/app/navigation";
import { useChange } from "~/changes";
import { Ago, Badge, type Tone, When } from "~/components/Badge";
import { Button } from "~/components/Button";
import { ConfirmDialog } from "~/components/Dialog";
import { tell, useTellProblem } from "~/components/Toast";
import AskDialog from "./AskDialog";

type Request = Line_request$data;

const TONES: Record<PrivacyState, Tone> = {
  OPEN: "warning",
  RUNNING: "accent",
  DONE: "success",
  FAILED: "danger",
  CANCELLED: "neutral",
};

export function Line({ request: key }: { readonly request: Line_request$key }) {
  const t = useTranslations("privacy");
  const request = useFragment(
    graphql`
      fragment Line_request on PrivacyRequest {
        id
        kind
        state
        createdAt
        startsAt
        dueAt
        finishedAt
        failure
        conversationCount
        fileCount
        size
        agent {
          name
        }
        customer {
          id
          name
          erasedAt
        }
      }
    `,
    key,
  );
  return (
    <li className="flex flex-wrap items-start gap-x-4 gap-y-2 py-3">
      <div className="flex min-w-0 flex-1 basis-64 flex-col gap-1">
        <div className="flex flex-wrap items-center gap-2">
          <Badge tone={TONES[request.state]}>{t(`states.${request.state}`)}</Badge>
          <span className="font-medium">{t(`kinds.${request.kind}`)}</span>
          <Whose customer={request.customer} />
        </div>
        <Times request={request} />
        {request.failure && <p className="text-danger text-xs [overflow-wrap:anywhere]">{request.failure}</p>}
      </div>
      <Deeds request={request} />
    </li>
  );
}

function Whose({ customer }: { readonly customer: Request["customer"] }) {
  const t = useTranslations("privacy");
  if (!customer) return null;
  if (customer.erasedAt) return <span className="text-ink-muted">{t("erasedName")}</span>;
  return (
    <Link
      to={`/customers/${encodeURIComponent(customer.id)}`}
      className="min-w-0 text-accent-ink hover:underline [overflow-wrap:anywhere]"
    >
      {customer.name || t("nameless")}
    </Link>
  );
}

function Times({ request }: { readonly request: Request }) {
  const t = useTranslations("privacy");
  const isOpen = request.state === "OPEN" || request.state === "RUNNING" || request.state === "FAILED";
  const isOverdue = isOpen && Date.parse(request.dueAt) < Date.now();
  return (
    <p className="flex flex-wrap gap-x-2 text-ink-faint text-xs">
      <span>
        {request.agent ? t("askedBy", { name: request.agent.name }) : t("asked")} <Ago at={request.createdAt} />
      </span>
      {request.state === "OPEN" && (
        <span className="text-ink-muted">
          {t("begins")} <When at={request.startsAt} withTime />
        </span>
      )}
      {isOpen && (
        <span className={isOverdue ? "text-danger" : "text-ink-muted"}>
          {t(isOverdue ? "overdue" : "due")} <When at={request.dueAt} />
        </span>
      )}
      {request.state === "DONE" && (
        <span>{t("took", { conversations: request.conversationCount, files: request.fileCount })}</span>
      )}
      {request.state === "DONE" && request.kind === "EXPORT" && request.size === null && <span>{t("gone")}</span>}
    </p>
  );
}

function Deeds({ request }: { readonly request: Request }) {
  const t = useTranslations("privacy");
  const [isAgain, setAgain] = useState(false);
  const { customer } = request;
  const canRepeat = request.state === "FAILED" && customer && !customer.erasedAt;
  return (
    <div className="flex shrink-0 items-center gap-2">
      {request.size !== null && request.size !== undefined && <Fetch id={request.id} size={request.size} />}
      {request.state === "OPEN" && <TakeBack id={request.id} />}
      {canRepeat && (
        <Button icon={RotateCcw} onPress={() => setAgain(true)}>
          {t("again")}
        </Button>
      )}
      {isAgain && customer && <AskDialog customer={customer} kind={request.kind} onClose={() => setAgain(false)} />}
    </div>
  );
}

/** The address is asked for when it is wanted: it is good for a few minutes. */
function Fetch({ id, size }: { readonly id: string; readonly size: number }) {
  const t = useTranslations("privacy");
  const format = useFormatter();
  const tellProblem = useTellProblem();
  const environment = useRelayEnvironment();
  const [isBusy, setBusy] = useState(false);
  const get = async (): Promise<void> => {
    setBusy(true);
    try {
      const found = await fetchQuery<LineUrlQuery>(
        environment,
        graphql`
          query LineUrlQuery($id: ID!) {
            node(id: $id) {
              ... on PrivacyRequest {
                url
              }
            }
          }
        `,
        { id },
        { networkCacheConfig: { force: true } },
      ).toPromise();
      if (found?.node?.url) window.location.assign(found.node.url);
      else tell(t("noLink"));
    } catch (error) {
      tellProblem(error);
    } finally {
      setBusy(false);
    }
  };
  const kilobytes = format.number(Math.max(1, Math.round(size / 1000)), { style: "unit", unit: "kilobyte" });
  return (
    <Button icon={Download} isBusy={isBusy} onPress={() => void get()}>
      {t("download")} <span className="text-ink-faint">{kilobytes}</span>
    </Button>
  );
}

function TakeBack({ id }: { readonly id: string }) {
  const t = useTranslations("privacy");
  const [isAsking, setAsking] = useState(false);
  const [cancel, isBusy] = useChange<LineCancelMutation>(graphql`
    mutation LineCancelMutation($input: CancelPrivacyRequestInput!) {
      cancelPrivacyRequest(input: $input) {
        ... on CancelPrivacyRequestSuccess {
          privacyRequest {
            id
            ...Line_request
          }
        }
        ... on Error {
          code
          message
        }
      }
    }
  `);
  return (
    <>
      <Button icon={Undo2} onPress={() => setAsking(true)}>
        {t("takeBack")}
      </Button>
      <ConfirmDialog
        title={t("takeBackTitle")}
        action={t("takeBack")}
        isOpen={isAsking}
        isBusy={isBusy}
        onClose={() => setAsking(false)}
        onConfirm={() => cancel({ input: { privacyRequestId: id } })}
      >
        {t("takeBackHint")}
      </ConfirmDialog>
    </>
  );
}
