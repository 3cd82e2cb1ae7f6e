/** Starts a run: of which version of the instructions, and how often each case is tried. */
import { useState } from "react";
import { graphql, useLazyLoadQuery } from "react-relay";
import { useTranslations } from "use-intl";
import type { RunDialogMutation } from "~/__generated__/RunDialogMutation.graphql";
import type { RunDialogQuery } from "~/__generated__/RunDialogQuery.graphql";
import { useChange } from "~/changes";
import { Select } from "~/components/Choice";
import { FormDialog } from "~/components/Dialog";
import { NumberField } from "~/components/Field";

interface RunDialogProps {
  readonly suiteId: string;
  readonly trials: number;
  readonly onDone: () => void;
  readonly onClose: () => void;
}

export function RunDialog({ suiteId, trials, onDone, onClose }: RunDialogProps) {
  const t = useTranslations("assistant.suites");
  const prompts = useTranslations("assistant.prompts");
  const { promptVersions, publishedPromptVersion } = useLazyLoadQuery<RunDialogQuery>(
    graphql`
      query RunDialogQuery {
        publishedPromptVersion {
          id
          number
        }
        promptVersions(first: 50) {
          nodes {
            id
            number
            note
          }
        }
      }
    `,
    {},
    { fetchPolicy: "store-and-network" },
  );
  const inUse = publishedPromptVersion.number;
  const [number, setNumber] = useState(`${promptVersions.nodes[0]?.number ?? 0}`);
  const [perCase, setPerCase] = useState(trials);
  const [run, isBusy] = useChange<RunDialogMutation>(graphql`
    mutation RunDialogMutation($input: RunSuiteInput!) {
      runSuite(input: $input) {
        ... on RunSuiteSuccess {
          suiteRun {
            id
          }
        }
        ... on Error {
          code
          message
        }
      }
    }
  `);
  const named = (one: number, note: string): string =>
    [one === 0 ? prompts("own") : prompts("version", { number: one }), one === inUse ? t("inUse") : "", note]
      .filter(Boolean)
      .join(" · ");
  const choices = [...promptVersions.nodes, { number: 0, note: "" }].map((one) => ({
    id: `${one.number}`,
    label: named(one.number, one.note),
  }));
  return (
    <FormDialog
      isOpen
      title={t("run")}
      submit={t("start")}
      isBusy={isBusy}
      onSubmit={() => run({ input: { suiteId, promptNumber: Number(number), trialsPerCase: perCase } }).then(onDone)}
      onClose={onClose}
    >
      <p className="text-ink-muted">{t("runHint")}</p>
      <Select label={t("version")} value={number} onChange={setNumber} choices={choices} />
      <NumberField label={t("trials")} value={perCase} onChange={setPerCase} minValue={1} maxValue={16} />
    </FormDialog>
  );
}
