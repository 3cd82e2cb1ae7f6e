/** A test case being written or changed. */
import { useState } from "react";
import { graphql } from "react-relay";
import { useTranslations } from "use-intl";
import type { CaseDialogChangeMutation } from "~/__generated__/CaseDialogChangeMutation.graphql";
import type { CaseDialogCreateMutation } from "~/__generated__/CaseDialogCreateMutation.graphql";
import { Refusal, useChange } from "~/changes";
import { Select, Switch } from "~/components/Choice";
import { FormDialog } from "~/components/Dialog";
import { TextField } from "~/components/Field";
import type { Case } from "./Cases";
import { EMPTY, OUTCOMES, scriptOf, type Typed, typed } from "./script";

interface CaseDialogProps {
  readonly suiteId: string;
  readonly testCase: Case | null;
  readonly onDone: () => void;
  readonly onClose: () => void;
}

export function CaseDialog({ suiteId, testCase, onDone, onClose }: CaseDialogProps) {
  const t = useTranslations("assistant.suites");
  const [name, setName] = useState(testCase?.name ?? "");
  const [critical, setCritical] = useState(testCase?.critical ?? true);
  const [said, setSaid] = useState(() => (testCase ? typed(testCase.script) : EMPTY));
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  const [save, isBusy] = useSave(suiteId, testCase?.id);
  const submit = async (): Promise<void> => {
    setRefusal(null);
    try {
      await save({ name: name.trim() || firstLine(said), critical, script: scriptOf(said) });
      onDone();
    } catch (error) {
      if (error instanceof Refusal) setRefusal(error);
      throw error;
    }
  };
  return (
    <FormDialog
      isOpen
      size="wide"
      title={t(testCase ? "changeCase" : "addCase")}
      isBusy={isBusy}
      isDisabled={said.turns.trim() === ""}
      onSubmit={submit}
      onClose={onClose}
    >
      <Fields said={said} onChange={setSaid} />
      <TextField
        label={t("caseName")}
        placeholder={firstLine(said)}
        value={name}
        onChange={setName}
        problem={refusal?.of("name")}
        maxLength={200}
      />
      <Switch isSelected={critical} onChange={setCritical}>
        {t("isCritical")}
      </Switch>
    </FormDialog>
  );
}

const firstLine = (said: Typed): string => said.turns.trim().split("\n")[0]?.slice(0, 200) ?? "";

interface FieldsProps {
  readonly said: Typed;
  readonly onChange: (said: Typed) => void;
}

function Fields({ said, onChange }: FieldsProps) {
  const t = useTranslations("assistant.suites");
  const field = (name: Exclude<keyof Typed, "outcome">, lines: number) => ({
    label: t(`fields.${name}`),
    hint: t(`hints.${name}`),
    value: said[name],
    onChange: (value: string) => onChange({ ...said, [name]: value }),
    lines,
  });
  return (
    <>
      <TextField {...field("turns", 3)} autoFocus />
      <Select
        label={t("fields.outcome")}
        value={said.outcome}
        onChange={(outcome) => onChange({ ...said, outcome })}
        choices={[{ id: "ANY", label: t("anyOutcome") }, ...OUTCOMES.map((id) => ({ id, label: t(`outcomes.${id}`) }))]}
      />
      <div className="grid gap-4 sm:grid-cols-2">
        <TextField {...field("mustSay", 2)} />
        <TextField {...field("mustNotSay", 2)} />
        <TextField {...field("mustCite", 2)} />
        <TextField {...field("tools", 2)} />
      </div>
    </>
  );
}

interface Said {
  readonly name: string;
  readonly critical: boolean;
  readonly script: ReturnType<typeof scriptOf>;
}

/** Add a case to the suite, or change the one of this id. */
function useSave(suiteId: string, id: string | undefined): [(said: Said) => Promise<unknown>, boolean] {
  const [create, isCreating] = useChange<CaseDialogCreateMutation>(graphql`
    mutation CaseDialogCreateMutation($input: CreateTestCaseInput!) {
      createTestCase(input: $input) {
        ... on CreateTestCaseSuccess {
          testCase {
            ...Cases_case
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
  const [change, isChanging] = useChange<CaseDialogChangeMutation>(graphql`
    mutation CaseDialogChangeMutation($input: ChangeTestCaseInput!) {
      changeTestCase(input: $input) {
        ... on ChangeTestCaseSuccess {
          testCase {
            ...Cases_case
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
  const save = (said: Said): Promise<unknown> =>
    id ? change({ input: { testCaseId: id, ...said } }) : create({ input: { suiteId, ...said } });
  return [save, isCreating || isChanging];
}
