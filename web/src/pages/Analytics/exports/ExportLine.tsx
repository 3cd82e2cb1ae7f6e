/** One export: how far it is, as it goes on, and its file once that is there. */
import { Download, X } from "lucide-react";
import { useEffect } from "react";
import { fetchQuery, graphql, useFragment, useRelayEnvironment } from "react-relay";
import { requestSubscription } from "relay-runtime";
import { useFormatter, useTranslations } from "use-intl";
import type { ExportLine_export$data, ExportLine_export$key } from "~/__generated__/ExportLine_export.graphql";
import type { ExportLineCancelMutation } from "~/__generated__/ExportLineCancelMutation.graphql";
import type { ExportLineLinkQuery } from "~/__generated__/ExportLineLinkQuery.graphql";
import type { ExportLineSubscription } from "~/__generated__/ExportLineSubscription.graphql";
import { useChange } from "~/changes";
import { Ago, Badge, type Tone } from "~/components/Badge";
import { IconButton } from "~/components/Button";
import { ListItem } from "~/components/Table";
import { useTellProblem } from "~/components/Toast";

const TONES: Readonly<Record<ExportLine_export$data["state"], Tone>> = {
  QUEUED: "neutral",
  RUNNING: "accent",
  DONE: "success",
  FAILED: "danger",
  CANCELLED: "neutral",
  EXPIRED: "neutral",
};

export function ExportLine({ one }: { readonly one: ExportLine_export$key }) {
  const t = useTranslations("analytics.exports");
  const format = useFormatter();
  const shown = useFragment(
    graphql`
      fragment ExportLine_export on Export {
        id
        dataset
        format
        state
        why
        total
        rows
        bytes
        name
        cursor
        createdAt
      }
    `,
    one,
  );
  const { id, dataset, state, why, total, rows, bytes, cursor, createdAt } = shown;
  const isOpen = state === "QUEUED" || state === "RUNNING";
  useProgress(id, cursor, isOpen);
  const written = Number(rows);
  const most = total === null || total === undefined ? 0 : Number(total);
  return (
    <ListItem
      title={`${t(`datasets.${dataset}`)} · ${t(`formats.${shown.format}`)}`}
      detail={
        <div className="flex flex-col gap-1">
          <span>
            {why ?? t("written", { rows: written, size: sizeIn(Number(bytes), format.number) })} ·{" "}
            <Ago at={createdAt} />
          </span>
          {state === "RUNNING" && most > 0 && (
            <progress value={written} max={most} aria-label={t("progress")} className="h-1.5 w-full max-w-60" />
          )}
        </div>
      }
      actions={
        <>
          <Badge tone={TONES[state]}>{t(`states.${state}`)}</Badge>
          {state === "DONE" && <Fetch id={id} name={shown.name} />}
          {isOpen && <Cancel id={id} />}
        </>
      }
    />
  );
}

/** The link is made when somebody wants it: it is good for a quarter of an hour. */
function Fetch({ id, name }: { readonly id: string; readonly name: string }) {
  const t = useTranslations("analytics.exports");
  const environment = useRelayEnvironment();
  const tellProblem = useTellProblem();
  const get = async (): Promise<void> => {
    const found = await fetchQuery<ExportLineLinkQuery>(
      environment,
      graphql`
        query ExportLineLinkQuery($id: ID!) {
          export(id: $id) {
            id
            url
          }
        }
      `,
      { id },
    ).toPromise();
    const url = found?.export?.url;
    if (!url) throw new Error(t("gone"));
    const link = document.createElement("a");
    link.href = url;
    link.download = name;
    link.click();
  };
  return <IconButton icon={Download} label={t("fetch")} onPress={() => void get().catch(tellProblem)} />;
}

function Cancel({ id }: { readonly id: string }) {
  const t = useTranslations("analytics.exports");
  const tellProblem = useTellProblem();
  const [cancel, isBusy] = useChange<ExportLineCancelMutation>(graphql`
    mutation ExportLineCancelMutation($input: CancelExportInput!) {
      cancelExport(input: $input) {
        ... on CancelExportSuccess {
          export {
            id
            ...ExportLine_export
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
    <IconButton
      icon={X}
      label={t("cancel")}
      isBusy={isBusy}
      onPress={() => void cancel({ input: { exportId: id } }).catch(tellProblem)}
    />
  );
}

/** While it goes on, events bring the export as it is. */
function useProgress(id: string, cursor: string, isOpen: boolean): void {
  const environment = useRelayEnvironment();
  // biome-ignore lint/correctness/useExhaustiveDependencies: the cursor is where following begins, and the transport keeps it after that
  useEffect(() => {
    if (!isOpen) return;
    const { dispose } = requestSubscription<ExportLineSubscription>(environment, {
      subscription: graphql`
        subscription ExportLineSubscription($id: ID!, $after: String) {
          exportChanged(id: $id, after: $after) {
            __typename
            ... on ExportRequested {
              cursor
              export {
                ...ExportLine_export
              }
            }
            ... on ExportBegun {
              cursor
              export {
                ...ExportLine_export
              }
            }
            ... on ExportProgressed {
              cursor
              export {
                ...ExportLine_export
              }
            }
            ... on ExportFinished {
              cursor
              export {
                ...ExportLine_export
              }
            }
            ... on ExportFailed {
              cursor
              export {
                ...ExportLine_export
              }
            }
            ... on ExportCancelled {
              cursor
              export {
                ...ExportLine_export
              }
            }
            ... on ResyncRequired {
              cursor
            }
          }
        }
      `,
      variables: { id, after: cursor },
    });
    return dispose;
  }, [environment, id, isOpen]);
}

const UNITS = ["byte", "kilobyte", "megabyte", "gigabyte"] as const;

/** So many bytes, in the unit that one reads. */
function sizeIn(
  bytes: number,
  say: (value: number, options: { style: "unit"; unit: string; maximumFractionDigits: number }) => string,
): string {
  const place = Math.min(UNITS.length - 1, Math.floor(Math.log10(Math.max(1, bytes)) / 3));
  return say(bytes / 1_000 ** place, { style: "unit", unit: UNITS[place] ?? "byte", maximumFractionDigits: 1 });
}
