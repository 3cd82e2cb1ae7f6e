/** What can be done with a suite: run it, make it the gate, delete it. */
import { MoreHorizontal, Play, ShieldCheck, ShieldOff, Trash2 } from "lucide-react";
import { useState } from "react";
import { graphql, useFragment } from "react-relay";
import { useTranslations } from "use-intl";
import type { SuiteActs_suite$key } from "~/__generated__/SuiteActs_suite.graphql";
import type { SuiteActsDeleteMutation } from "~/__generated__/SuiteActsDeleteMutation.graphql";
import type { SuiteActsGateMutation } from "~/__generated__/SuiteActsGateMutation.graphql";
import { useNavigate } from "~/app/navigation";
import { useMay } from "~/app/viewer";
import { useChange } from "~/changes";
import { Button, IconButton } from "~/components/Button";
import { ConfirmDialog } from "~/components/Dialog";
import { Menu, MenuItem } from "~/components/Menu";
import { useTellProblem } from "~/components/Toast";
import { RunDialog } from "./RunDialog";

interface SuiteActsProps {
  readonly suite: SuiteActs_suite$key;
  readonly onChange: () => void;
}

export function SuiteActs({ suite: key, onChange }: SuiteActsProps) {
  const t = useTranslations("assistant.suites");
  const act = useTranslations("app.act");
  const mayManage = useMay("MANAGE_ASSISTANT");
  const tellProblem = useTellProblem();
  const [doing, setDoing] = useState<"run" | "delete" | null>(null);
  const choose = useGate();
  const suite = useFragment(
    graphql`
      fragment SuiteActs_suite on Suite {
        id
        name
        isGate
        caseCount
        trialsPerCase
      }
    `,
    key,
  );
  if (!mayManage) return null;
  const gate = (): void => void choose(suite.isGate ? null : suite.id).then(onChange, tellProblem);
  return (
    <>
      <Button look="primary" icon={Play} isDisabled={suite.caseCount === 0} onPress={() => setDoing("run")}>
        {t("run")}
      </Button>
      <Menu label={act("actions")} trigger={<IconButton icon={MoreHorizontal} label={act("actions")} />}>
        <MenuItem icon={suite.isGate ? ShieldOff : ShieldCheck} onAction={gate}>
          {t(suite.isGate ? "noGate" : "makeGate")}
        </MenuItem>
        <MenuItem icon={Trash2} isDanger onAction={() => setDoing("delete")}>
          {act("delete")}
        </MenuItem>
      </Menu>
      {doing === "run" && (
        <RunDialog suiteId={suite.id} trials={suite.trialsPerCase} onDone={onChange} onClose={() => setDoing(null)} />
      )}
      {doing === "delete" && <Removal id={suite.id} name={suite.name} onClose={() => setDoing(null)} />}
    </>
  );
}

/** Choose the suite of this id as the gate, or none. */
function useGate(): (suiteId: string | null) => Promise<unknown> {
  const [choose] = useChange<SuiteActsGateMutation>(graphql`
    mutation SuiteActsGateMutation($input: ChooseGateSuiteInput!) {
      chooseGateSuite(input: $input) {
        ... on ChooseGateSuiteSuccess {
          suite {
            id
            isGate
          }
        }
        ... on Error {
          code
          message
        }
      }
    }
  `);
  return (suiteId) => choose({ input: { suiteId } });
}

interface RemovalProps {
  readonly id: string;
  readonly name: string;
  readonly onClose: () => void;
}

function Removal({ id, name, onClose }: RemovalProps) {
  const t = useTranslations("assistant.suites");
  const act = useTranslations("app.act");
  const navigate = useNavigate();
  const [remove, isBusy] = useChange<SuiteActsDeleteMutation>(graphql`
    mutation SuiteActsDeleteMutation($input: DeleteSuiteInput!) {
      deleteSuite(input: $input) {
        ... on DeleteSuiteSuccess {
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
      title={t("delete", { name })}
      action={act("delete")}
      isBusy={isBusy}
      onClose={onClose}
      onConfirm={() => remove({ input: { suiteId: id } }).then(() => navigate("/assistant/suites"))}
    >
      {t("deleteHint")}
    </ConfirmDialog>
  );
}
