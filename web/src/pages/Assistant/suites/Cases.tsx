/** The test cases of a suite: what a customer says, and what has to come of it. */
import { Pencil, Plus, Trash2 } from "lucide-react";
import { useState } from "react";
import { graphql, useFragment } from "react-relay";
import { useTranslations } from "use-intl";
import type { Cases_case$data, Cases_case$key } from "~/__generated__/Cases_case.graphql";
import type { Cases_suite$key } from "~/__generated__/Cases_suite.graphql";
import type { CasesDeleteMutation } from "~/__generated__/CasesDeleteMutation.graphql";
import { useMay } from "~/app/viewer";
import { useChange } from "~/changes";
import { Badge } from "~/components/Badge";
import { Button, IconButton } from "~/components/Button";
import { ConfirmDialog } from "~/components/Dialog";
import { Section } from "~/components/Page";
import { List, ListItem } from "~/components/Table";
import { CaseDialog } from "./CaseDialog";

export type Case = Cases_case$data;

interface CasesProps {
  readonly suite: Cases_suite$key;
  readonly onChange: () => void;
}

export function Cases({ suite: key, onChange }: CasesProps) {
  const t = useTranslations("assistant.suites");
  const mayManage = useMay("MANAGE_ASSISTANT");
  const [editing, setEditing] = useState<"new" | Case | null>(null);
  const suite = useFragment(
    graphql`
      fragment Cases_suite on Suite {
        id
        cases {
          id
          ...Cases_case
        }
      }
    `,
    key,
  );
  const add = mayManage && (
    <Button icon={Plus} onPress={() => setEditing("new")}>
      {t("addCase")}
    </Button>
  );
  return (
    <Section title={t("cases")} about={t("casesHint")} actions={add}>
      {suite.cases.length === 0 ? (
        <p className="text-ink-muted">{t("noCases")}</p>
      ) : (
        <List label={t("cases")}>
          {suite.cases.map((one) => (
            <Row key={one.id} testCase={one} onEdit={setEditing} onDeleted={onChange} />
          ))}
        </List>
      )}
      {editing && (
        <CaseDialog
          suiteId={suite.id}
          testCase={editing === "new" ? null : editing}
          onDone={onChange}
          onClose={() => setEditing(null)}
        />
      )}
    </Section>
  );
}

interface RowProps {
  readonly testCase: Cases_case$key;
  readonly onEdit: (testCase: Case) => void;
  readonly onDeleted: () => void;
}

function Row({ testCase: key, onEdit, onDeleted }: RowProps) {
  const t = useTranslations("assistant.suites");
  const act = useTranslations("app.act");
  const mayManage = useMay("MANAGE_ASSISTANT");
  const [isAsking, setAsking] = useState(false);
  const testCase = useFragment(
    graphql`
      fragment Cases_case on TestCase {
        id
        name
        critical
        script {
          turns
          outcome
          mustCite
          mustSay {
            text
            isPattern
          }
          mustNotSay {
            text
            isPattern
          }
          tools {
            name
            result
          }
        }
      }
    `,
    key,
  );
  const { script } = testCase;
  const title = (
    <span className="flex items-center gap-2">
      <span className="truncate">{testCase.name}</span>
      {testCase.critical && <Badge>{t("critical")}</Badge>}
      {script.outcome && <Badge tone="accent">{t(`outcomes.${script.outcome}`)}</Badge>}
    </span>
  );
  const actions = mayManage && (
    <>
      <IconButton icon={Pencil} label={act("edit")} onPress={() => onEdit(testCase)} />
      <IconButton icon={Trash2} label={act("delete")} onPress={() => setAsking(true)} />
    </>
  );
  return (
    <>
      <ListItem
        title={title}
        detail={<span className="line-clamp-2">{script.turns.join(" → ")}</span>}
        actions={actions}
      />
      {isAsking && <Removal testCase={testCase} onDone={onDeleted} onClose={() => setAsking(false)} />}
    </>
  );
}

interface RemovalProps {
  readonly testCase: Case;
  readonly onDone: () => void;
  readonly onClose: () => void;
}

function Removal({ testCase, onDone, onClose }: RemovalProps) {
  const t = useTranslations("assistant.suites");
  const act = useTranslations("app.act");
  const [remove, isBusy] = useChange<CasesDeleteMutation>(graphql`
    mutation CasesDeleteMutation($input: DeleteTestCaseInput!) {
      deleteTestCase(input: $input) {
        ... on DeleteTestCaseSuccess {
          deletedId
        }
        ... on Error {
          code
          message
        }
      }
    }
  `);
  return (
    <ConfirmDialog
      isOpen
      title={t("deleteCase", { name: testCase.name })}
      action={act("delete")}
      isBusy={isBusy}
      onClose={onClose}
      onConfirm={() => remove({ input: { testCaseId: testCase.id } }).then(onDone)}
    />
  );
}
