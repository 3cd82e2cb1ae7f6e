/** Adds an MCP server: its name, its address, and what proves Parley to it. */
import { useState } from "react";
import { graphql } from "react-relay";
import { ROOT_ID } from "relay-runtime";
import { useTranslations } from "use-intl";
import type { McpServerDialogMutation } from "~/__generated__/McpServerDialogMutation.graphql";
import { Refusal, useChange } from "~/changes";
import { FormDialog } from "~/components/Dialog";
import { TextField } from "~/components/Field";

interface McpServerDialogProps {
  readonly onKey: (key: string) => void;
  readonly onClose: () => void;
}

export function McpServerDialog({ onKey, onClose }: McpServerDialogProps) {
  const t = useTranslations("assistant.mcp");
  const tools = useTranslations("assistant.tools");
  const act = useTranslations("app.act");
  const [said, setSaid] = useState({ name: "", url: "", secretHeader: "", secret: "" });
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  const [create, isBusy] = useCreate();
  const submit = async (): Promise<void> => {
    setRefusal(null);
    try {
      const key = await create(said);
      if (key) onKey(key);
    } catch (error) {
      if (error instanceof Refusal) setRefusal(error);
      throw error;
    }
  };
  const field = (name: keyof typeof said) => ({
    value: said[name],
    onChange: (value: string) => setSaid({ ...said, [name]: value }),
    problem: refusal?.of(name),
    spellCheck: "false" as const,
  });
  return (
    <FormDialog
      isOpen
      title={t("create")}
      submit={act("create")}
      isBusy={isBusy}
      isDisabled={!said.name.trim() || !said.url.trim()}
      onSubmit={submit}
      onClose={onClose}
    >
      <TextField label={t("name")} hint={t("nameHint")} maxLength={24} autoFocus {...field("name")} />
      <TextField label={t("url")} hint={t("urlHint")} type="url" {...field("url")} />
      <TextField label={tools("secretHeader")} placeholder="Authorization" {...field("secretHeader")} />
      <TextField
        label={tools("secret")}
        hint={tools("secretHint")}
        type="password"
        autoComplete="off"
        {...field("secret")}
      />
    </FormDialog>
  );
}

type Said = Readonly<Record<"name" | "url" | "secretHeader" | "secret", string>>;

/** Add a server; gives the key that calls to it are signed with. */
function useCreate(): [(said: Said) => Promise<string | null | undefined>, boolean] {
  const [create, isBusy] = useChange<McpServerDialogMutation>(graphql`
    mutation McpServerDialogMutation($input: CreateMcpServerInput!) {
      createMcpServer(input: $input) {
        ... on CreateMcpServerSuccess {
          signingKey
          mcpServer {
            id
            ...McpServers_server
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
  const add = async ({ name, url, secretHeader, secret }: Said): Promise<string | null | undefined> => {
    const input = {
      name: name.trim(),
      url: url.trim(),
      secretHeader: secretHeader.trim() || null,
      secret: secret || null,
    };
    const made = await create(
      { input },
      {
        updater: (store) => {
          const server = store.getRootField("createMcpServer")?.getLinkedRecord("mcpServer");
          const root = store.get(ROOT_ID);
          if (server && root)
            root.setLinkedRecords([...(root.getLinkedRecords("mcpServers") ?? []), server], "mcpServers");
        },
      },
    );
    return made.signingKey;
  };
  return [add, isBusy];
}
