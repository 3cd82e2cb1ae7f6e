/** Servers that bring tools of their own: added, asked again what they have, forgotten. */
import { Plus, RefreshCw, Server, Trash2 } from "lucide-react";
import { useState } from "react";
import { graphql, useFragment, useLazyLoadQuery } from "react-relay";
import { useTranslations } from "use-intl";
import type { McpServers_server$data, McpServers_server$key } from "~/__generated__/McpServers_server.graphql";
import type { McpServersDeleteMutation } from "~/__generated__/McpServersDeleteMutation.graphql";
import type { McpServersQuery } from "~/__generated__/McpServersQuery.graphql";
import type { McpServersRefreshMutation } from "~/__generated__/McpServersRefreshMutation.graphql";
import { useMay } from "~/app/viewer";
import { present, useChange } from "~/changes";
import { Ago } from "~/components/Badge";
import { Button, ButtonLink, IconButton } from "~/components/Button";
import { ConfirmDialog } from "~/components/Dialog";
import { EmptyState } from "~/components/Feedback";
import { Page, Section } from "~/components/Page";
import { List, ListItem } from "~/components/Table";
import { tell, useTellProblem } from "~/components/Toast";
import { McpServerDialog } from "./McpServerDialog";
import { SigningKey } from "./SigningKey";

export default function McpServers() {
  const t = useTranslations("assistant.mcp");
  const mayManage = useMay("MANAGE_ASSISTANT");
  const [isAdding, setAdding] = useState(false);
  const [signingKey, setSigningKey] = useState<string | null>(null);
  const { mcpServers } = useLazyLoadQuery<McpServersQuery>(
    graphql`
      query McpServersQuery {
        mcpServers {
          id
          ...McpServers_server
        }
      }
    `,
    {},
    { fetchPolicy: "store-and-network" },
  );
  const create = (
    <Button look="primary" icon={Plus} onPress={() => setAdding(true)}>
      {t("create")}
    </Button>
  );
  return (
    <Page title={t("title")} about={t("about")} actions={mayManage && create}>
      <Section>
        {mcpServers.length === 0 ? (
          <EmptyState icon={Server} title={t("empty")} hint={t("emptyHint")} />
        ) : (
          <List label={t("title")}>
            {present(mcpServers).map((server) => (
              <Row key={server.id} server={server} mayManage={mayManage} />
            ))}
          </List>
        )}
      </Section>
      {mcpServers.length > 0 && (
        <p className="text-ink-muted">
          {t("toolsHint")} <ButtonLink to="/assistant/tools">{t("toTools")}</ButtonLink>
        </p>
      )}
      {isAdding && <McpServerDialog onKey={setSigningKey} onClose={() => setAdding(false)} />}
      {signingKey && <SigningKey value={signingKey} onClose={() => setSigningKey(null)} />}
    </Page>
  );
}

interface RowProps {
  readonly server: McpServers_server$key;
  readonly mayManage: boolean;
}

function Row({ server: key, mayManage }: RowProps) {
  const t = useTranslations("assistant.mcp");
  const act = useTranslations("app.act");
  const [isAsking, setAsking] = useState(false);
  const server = useFragment(
    graphql`
      fragment McpServers_server on McpServer {
        id
        name
        url
        secretHeader
        refreshedAt
      }
    `,
    key,
  );
  const detail = (
    <span className="flex flex-wrap gap-x-2">
      <span className="truncate">{server.url}</span>
      <span>
        {server.refreshedAt ? t.rich("refreshed", { ago: () => <Ago at={server.refreshedAt ?? ""} /> }) : t("never")}
      </span>
    </span>
  );
  const actions = mayManage && (
    <>
      <Refresh id={server.id} name={server.name} />
      <IconButton icon={Trash2} label={act("delete")} onPress={() => setAsking(true)} />
    </>
  );
  return (
    <>
      <ListItem title={server.name} detail={detail} actions={actions} />
      {isAsking && <Removal server={server} onClose={() => setAsking(false)} />}
    </>
  );
}

function Refresh({ id, name }: { readonly id: string; readonly name: string }) {
  const t = useTranslations("assistant.mcp");
  const tellProblem = useTellProblem();
  const [refresh, isBusy] = useChange<McpServersRefreshMutation>(graphql`
    mutation McpServersRefreshMutation($input: RefreshMcpServerInput!) {
      refreshMcpServer(input: $input) {
        ... on RefreshMcpServerSuccess {
          mcpServer {
            ...McpServers_server
          }
        }
        ... on Error {
          code
          message
        }
      }
    }
  `);
  const ask = (): void => {
    refresh({ input: { mcpServerId: id } }).then(() => tell(t("done", { name })), tellProblem);
  };
  return (
    <Button icon={RefreshCw} isBusy={isBusy} onPress={ask}>
      {t("refresh")}
    </Button>
  );
}

interface RemovalProps {
  readonly server: McpServers_server$data;
  readonly onClose: () => void;
}

function Removal({ server, onClose }: RemovalProps) {
  const t = useTranslations("assistant.mcp");
  const act = useTranslations("app.act");
  const [remove, isBusy] = useChange<McpServersDeleteMutation>(graphql`
    mutation McpServersDeleteMutation($input: DeleteMcpServerInput!) {
      deleteMcpServer(input: $input) {
        ... on DeleteMcpServerSuccess {
          deletedId @deleteRecord
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
      title={t("delete", { name: server.name })}
      action={act("delete")}
      isBusy={isBusy}
      onClose={onClose}
      onConfirm={() => remove({ input: { mcpServerId: server.id } })}
    >
      {t("deleteHint")}
    </ConfirmDialog>
  );
}
