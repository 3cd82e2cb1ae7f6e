/** Brings a version into use; where its tests say no, shows what they say, and lets it be published all the same with a reason. */
import { useState } from "react";
import { graphql } from "react-relay";
import { useTranslations } from "use-intl";
import type { PublishMutation, PublishMutation$data } from "~/__generated__/PublishMutation.graphql";
import { Link } from "~/app/navigation";
import { Refusal, useChange } from "~/changes";
import { FormDialog } from "~/components/Dialog";
import { Notice } from "~/components/Feedback";
import { TextField } from "~/components/Field";
import type { Version } from "./VersionRow";

interface PublishProps {
  readonly version: Version;
  readonly onDone: () => void;
  readonly onClose: () => void;
}

type Run = NonNullable<NonNullable<PublishMutation$data["publishPromptVersion"]>["suiteRun"]>;
/** The gate's answer: the run that says so, if there was one. */
type Gate = { readonly message: string; readonly run: Run | null };

export function Publish({ version, onDone, onClose }: PublishProps) {
  const t = useTranslations("assistant.prompts");
  const [gate, setGate] = useState<Gate | null>(null);
  const [reason, setReason] = useState("");
  const [publish, isBusy] = usePublish();
  const submit = async (): Promise<void> => {
    try {
      await publish({ input: { number: version.number, overrideReason: reason.trim() || null } });
      onDone();
    } catch (error) {
      const refused = gateOf(error);
      if (refused) setGate(refused);
      throw refused ? new Error(t("held")) : error;
    }
  };
  return (
    <FormDialog
      isOpen
      title={version.number === 0 ? t("publishOwn") : t("publishTitle", { number: version.number })}
      submit={t(gate ? "override" : "publish")}
      isBusy={isBusy}
      isDisabled={gate !== null && reason.trim() === ""}
      onSubmit={submit}
      onClose={onClose}
    >
      <p className="text-ink-muted">{t("publishHint")}</p>
      {gate && (
        <>
          <Verdict gate={gate} />
          <TextField
            label={t("reason")}
            hint={t("reasonHint")}
            value={reason}
            onChange={setReason}
            maxLength={500}
            lines={2}
          />
        </>
      )}
    </FormDialog>
  );
}

function Verdict({ gate: { message, run } }: { readonly gate: Gate }) {
  const t = useTranslations("assistant.prompts");
  const failed = run?.results.filter((result) => result.passed < result.trials) ?? [];
  return (
    <Notice tone="warning">
      <p>{message}</p>
      {failed.length > 0 && (
        <ul aria-label={t("failed")} className="mt-2 flex max-h-48 flex-col gap-2 overflow-auto">
          {failed.map((result, at) => (
            <li key={at}>
              <span className="font-medium">{result.name}</span>
              {result.failures.length > 0 && <span className="block text-xs">{result.failures.join(" ")}</span>}
            </li>
          ))}
        </ul>
      )}
      {run?.suite && (
        <Link to={`/assistant/suites/${encodeURIComponent(run.suite.id)}`} className="mt-2 inline-block underline">
          {t("toSuite", { name: run.suite.name })}
        </Link>
      )}
    </Notice>
  );
}

/** What the gate answered, if it was the gate that refused. */
function gateOf(error: unknown): Gate | null {
  if (!(error instanceof Refusal) || error.code !== "GATE_FAILED") return null;
  const { suiteRun } = error.payload as NonNullable<PublishMutation$data["publishPromptVersion"]>;
  return { message: error.message, run: suiteRun ?? null };
}

function usePublish() {
  return useChange<PublishMutation>(graphql`
    mutation PublishMutation($input: PublishPromptVersionInput!) {
      publishPromptVersion(input: $input) {
        ... on PublishPromptVersionSuccess {
          promptVersion {
            id
            isPublished
          }
        }
        ... on GateFailedError {
          suiteRun {
            id
            suite {
              id
              name
            }
            results {
              name
              critical
              passed
              trials
              failures
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
}
