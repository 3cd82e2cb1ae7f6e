/** One tool in the list: what it is, whether the assistant has it, and what can be done with it. */
import { FlaskConical, Pencil, Trash2 } from "lucide-react";
import { useState } from "react";
import { graphql, useFragment } from "react-relay";
import { useTranslations } from "use-intl";
import type { ToolRow_tool$data, ToolRow_tool$key } from "~/__generated__/ToolRow_tool.graphql";
import type { ToolRowDeleteMutation } from "~/__generated__/ToolRowDeleteMutation.graphql";
import type { ToolRowSwitchMutation } from "~/__generated__/ToolRowSwitchMutation.graphql";
import { useMay } from "~/app/viewer";
import { useChange } from "~/changes";
import { Badge } from "~/components/Badge";
import { IconButton } from "~/components/Button";
import { Switch } from "~/components/Choice";
import { ConfirmDialog } from "~/components/Dialog";
import { ListItem } from "~/components/Table";
import { useTellProblem } from "~/components/Toast";

interface ToolRowProps {
  readonly tool: ToolRow_tool$key;
  readonly connection: string;
  readonly onChange: (tool: ToolRow_tool$data) => void;
  readonly onTest: (tool: ToolRow_tool$data) => void;
}

export function ToolRow({ tool: key, connection, onChange, onTest }: ToolRowProps) {
  const t = useTranslations("assistant.tools");
  const act = useTranslations("app.act");
  const mayManage = useMay("MANAGE_ASSISTANT");
  const [isAsking, setAsking] = useState(false);
  const tool = useFragment(
    graphql`
      fragment ToolRow_tool on Tool {
        id
        name
        title
        description
        parameters
        url
        method
        kind
        needsVerifiedCustomer
        needsApproval
        redactedInput
        redactedOutput
        timeLimit
        enabled
        secretHeader
        mcpServer {
          id
          name
        }
      }
    `,
    key,
  );
  const actions = mayManage && (
    <>
      <IconButton icon={FlaskConical} label={t("test", { title: tool.title })} onPress={() => onTest(tool)} />
      <IconButton icon={Pencil} label={act("edit")} onPress={() => onChange(tool)} />
      {!tool.mcpServer && <IconButton icon={Trash2} label={act("delete")} onPress={() => setAsking(true)} />}
    </>
  );
  return (
    <>
      <ListItem
        mark={mayManage && <OnOff tool={tool} />}
        title={<Title tool={tool} />}
        detail={<span className="line-clamp-2">{tool.description}</span>}
        actions={actions}
      />
      {isAsking && <Removal tool={tool} connection={connection} onClose={() => setAsking(false)} />}
    </>
  );
}

function Title({ tool }: { readonly tool: ToolRow_tool$data }) {
  const t = useTranslations("assistant.tools");
  return (
    <span className="flex flex-wrap items-center gap-x-2 gap-y-1">
      <span className="truncate">{tool.title}</span>
      <code className="truncate font-normal text-ink-muted text-xs">{tool.name}</code>
      <Badge tone={tool.kind === "READ" ? "neutral" : "warning"}>{t(`kinds.${tool.kind}`)}</Badge>
      {tool.needsApproval && <Badge tone="accent">{t("approval")}</Badge>}
      {tool.needsVerifiedCustomer && <Badge tone="accent">{t("verified")}</Badge>}
      {tool.mcpServer && <Badge tone="assistant">{t("from", { name: tool.mcpServer.name })}</Badge>}
      {!tool.enabled && <Badge>{t("off")}</Badge>}
    </span>
  );
}

/** Whether the assistant has it; holds at once. */
function OnOff({ tool }: { readonly tool: ToolRow_tool$data }) {
  const t = useTranslations("assistant.tools");
  const tellProblem = useTellProblem();
  const [change, isBusy] = useChange<ToolRowSwitchMutation>(graphql`
    mutation ToolRowSwitchMutation($input: ChangeToolInput!) {
      changeTool(input: $input) {
        ... on ChangeToolSuccess {
          tool {
            ...ToolRow_tool
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
    <Switch
      isSelected={tool.enabled}
      isDisabled={isBusy}
      onChange={(enabled) => void change({ input: { toolId: tool.id, enabled } }).catch(tellProblem)}
    >
      <span className="sr-only">{t("switch", { title: tool.title })}</span>
    </Switch>
  );
}

interface RemovalProps {
  readonly tool: ToolRow_tool$data;
  readonly connection: string;
  readonly onClose: () => void;
}

function Removal({ tool, connection, onClose }: RemovalProps) {
  const t = useTranslations("assistant.tools");
  const act = useTranslations("app.act");
  const [remove, isBusy] = useChange<ToolRowDeleteMutation>(graphql`
    mutation ToolRowDeleteMutation($input: DeleteToolInput!, $connections: [ID!]!) {
      deleteTool(input: $input) {
        ... on DeleteToolSuccess {
          deletedId @deleteEdge(connections: $connections)
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
      title={t("delete", { title: tool.title })}
      action={act("delete")}
      isBusy={isBusy}
      onClose={onClose}
      onConfirm={() => remove({ input: { toolId: tool.id }, connections: [connection] })}
    >
      {t("deleteHint")}
    </ConfirmDialog>
  );
}
