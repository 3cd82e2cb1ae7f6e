/** Asking for a file: which rows, in which form; the range and the filters are those of the address. */
import { useState } from "react";
import { graphql } from "react-relay";
import { useFormatter, useTranslations } from "use-intl";
import type { Dataset, ExportDialogMutation, ExportFormat } from "~/__generated__/ExportDialogMutation.graphql";
import { useSearchParams } from "~/app/navigation";
import { useChange } from "~/changes";
import { RadioGroup, Select } from "~/components/Choice";
import { FormDialog } from "~/components/Dialog";
import { narrowing, read, spanOf } from "../asking/question";

const DATASETS: readonly Dataset[] = [
  "CONVERSATIONS",
  "EPISODES",
  "MESSAGES",
  "ANSWERS",
  "HANDOFFS",
  "DELIVERIES",
  "RATINGS",
  "TRANSCRIPTS",
];
const FORMATS: readonly ExportFormat[] = ["CSV", "JSONL", "PARQUET"];

interface ExportDialogProps {
  /** The list that it is added to. */
  readonly connection: string;
  readonly onClose: () => void;
}

export default function ExportDialog({ connection, onClose }: ExportDialogProps) {
  const t = useTranslations("analytics.exports");
  const format = useFormatter();
  const [search] = useSearchParams();
  const [dataset, setDataset] = useState<Dataset>("CONVERSATIONS");
  const [form, setForm] = useState<ExportFormat>("CSV");
  const [create, isBusy] = useChange<ExportDialogMutation>(graphql`
    mutation ExportDialogMutation($input: CreateExportInput!, $connections: [ID!]!) {
      createExport(input: $input) {
        ... on CreateExportSuccess {
          export @prependNode(connections: $connections, edgeTypeName: "ExportListEdge") {
            id
            ...ExportLine_export
          }
        }
        ... on Error {
          code
          message
        }
        ... on InvalidInputError {
          fields {
            path
            message
          }
        }
      }
    }
  `);
  const question = read(search);
  const { from, to } = spanOf(question, new Date());
  const { inbox, team, channel } = question.chosen;
  const knowsAll = dataset !== "TRANSCRIPTS";
  const filters = {
    from,
    to,
    ...(inbox.length > 0 && { inboxIds: inbox }),
    ...(knowsAll && team.some(Boolean) && { teamIds: team.filter(Boolean) }),
    ...(knowsAll && channel.length > 0 && { channels: channel }),
  };
  const range = format.dateTimeRange(new Date(from), new Date(Date.parse(to) - 1), { dateStyle: "medium" });
  return (
    <FormDialog
      isOpen
      title={t("create")}
      submit={t("start")}
      isBusy={isBusy}
      onClose={onClose}
      onSubmit={() => create({ input: { dataset, format: form, filters }, connections: [connection] })}
    >
      <Select
        label={t("dataset")}
        value={dataset}
        onChange={setDataset}
        choices={DATASETS.map((id) => ({ id, label: t(`datasets.${id}`) }))}
      />
      <RadioGroup
        label={t("format")}
        value={form}
        onChange={setForm}
        choices={FORMATS.map((id) => ({ id, label: t(`formats.${id}`) }))}
      />
      <p className="text-ink-muted text-sm">
        {t("range", { range })} {narrowing(question) > 0 && t("filtered")}
      </p>
    </FormDialog>
  );
}
