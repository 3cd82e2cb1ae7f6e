/** How an import goes, as it goes: what is in, what did not change, and what could not be read and why. */
import { useMemo } from "react";
import { ProgressBar } from "react-aria-components";
import { graphql, useLazyLoadQuery, useSubscription } from "react-relay";
import { useTranslations } from "use-intl";
import type { ImportProgressQuery, ImportProgressQuery$data } from "~/__generated__/ImportProgressQuery.graphql";
import type { ImportProgressSubscription } from "~/__generated__/ImportProgressSubscription.graphql";
import { Badge, type Tone } from "~/components/Badge";
import { Notice } from "~/components/Feedback";
import { Section } from "~/components/Page";
import { Table } from "~/components/Table";

type Import = NonNullable<ImportProgressQuery$data["knowledgeImport"]>;

const TONES: Record<Import["state"], Tone> = { RUNNING: "accent", FINISHED: "success", STOPPED: "danger" };

export function ImportProgress({ id }: { readonly id: string }) {
  const { knowledgeImport } = useLazyLoadQuery<ImportProgressQuery>(
    graphql`
      query ImportProgressQuery($id: ID!) {
        knowledgeImport(id: $id) {
          id
          state
          cursor
          source {
            id
            name
            articleCount
          }
          progress {
            total
            done
            created
            updated
            unchanged
            removed
            failed
          }
          problems {
            name
            reason
          }
        }
      }
    `,
    { id },
    { fetchPolicy: "store-and-network" },
  );
  if (!knowledgeImport) return null;
  return (
    <>
      {knowledgeImport.state === "RUNNING" && <Follow id={id} />}
      <Shown import={knowledgeImport} />
    </>
  );
}

/** Events bring the import along, and the store shows it. */
function Follow({ id }: { readonly id: string }) {
  useSubscription<ImportProgressSubscription>(
    useMemo(
      () => ({
        subscription: graphql`
          subscription ImportProgressSubscription($id: ID!, $after: String) {
            knowledgeImportChanged(id: $id, after: $after) {
              ... on KnowledgeImportEvent {
                cursor
                knowledgeImport {
                  id
                  state
                  source {
                    id
                    articleCount
                  }
                  progress {
                    total
                    done
                    created
                    updated
                    unchanged
                    removed
                    failed
                  }
                  problems {
                    name
                    reason
                  }
                }
              }
            }
          }
        `,
        variables: { id },
      }),
      [id],
    ),
  );
  return null;
}

function Shown({ import: shown }: { readonly import: Import }) {
  const t = useTranslations("knowledge.import");
  const { progress, problems, state } = shown;
  return (
    <Section title={shown.source?.name} actions={<Badge tone={TONES[state]}>{t(`state.${state}`)}</Badge>}>
      <div className="flex flex-col gap-4" aria-live="polite">
        <Bar value={progress.done} total={progress.total} />
        <p className="text-ink-muted">{t("counts", { ...progress })}</p>
        {problems.length > 0 && (
          <>
            <Notice tone="warning">{t("failed", { count: progress.failed })}</Notice>
            <Table
              label={t("problems")}
              rows={problems}
              keyOf={(problem) => `${problem.name} ${problem.reason}`}
              columns={[
                { id: "name", label: t("file"), cell: (problem) => problem.name },
                { id: "reason", label: t("reason"), cell: (problem) => problem.reason },
              ]}
            />
          </>
        )}
      </div>
    </Section>
  );
}

function Bar({ value, total }: { readonly value: number; readonly total: number }) {
  const t = useTranslations("knowledge.import");
  return (
    <ProgressBar aria-label={t("progress")} value={value} maxValue={Math.max(total, 1)}>
      {({ percentage, valueText }) => (
        <div className="flex items-center gap-3">
          <div className="h-2 flex-1 overflow-hidden rounded-full bg-pressed">
            <div className="h-full bg-accent transition-[width]" style={{ width: `${percentage ?? 0}%` }} />
          </div>
          <span className="text-xs tabular-nums">{valueText}</span>
        </div>
      )}
    </ProgressBar>
  );
}
