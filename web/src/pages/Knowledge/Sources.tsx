/** Where articles come from: folders of files, other systems, people's own writing. */
import { FolderOpen, Pencil, Plus, Trash2 } from "lucide-react";
import { useState } from "react";
import { graphql, useLazyLoadQuery } from "react-relay";
import { ROOT_ID } from "relay-runtime";
import { useTranslations } from "use-intl";
import type { SourcesCreateMutation } from "~/__generated__/SourcesCreateMutation.graphql";
import type { SourcesDeleteMutation } from "~/__generated__/SourcesDeleteMutation.graphql";
import type { SourcesQuery, SourcesQuery$data } from "~/__generated__/SourcesQuery.graphql";
import type { SourcesRenameMutation } from "~/__generated__/SourcesRenameMutation.graphql";
import { useMay } from "~/app/viewer";
import { present, useChange } from "~/changes";
import { When } from "~/components/Badge";
import { Button, IconButton } from "~/components/Button";
import { ConfirmDialog, FormDialog } from "~/components/Dialog";
import { EmptyState } from "~/components/Feedback";
import { TextField } from "~/components/Field";
import { Page, Section } from "~/components/Page";
import { List, ListItem } from "~/components/Table";

type Source = SourcesQuery$data["sources"][number];

export default function Sources() {
  const t = useTranslations("knowledge.sources");
  const mayWrite = useMay("WRITE_KNOWLEDGE");
  const [editing, setEditing] = useState<"new" | Source | null>(null);
  const [removing, setRemoving] = useState<Source | null>(null);
  const { sources } = useLazyLoadQuery<SourcesQuery>(
    graphql`
      query SourcesQuery {
        sources {
          id
          name
          articleCount
          createdAt
        }
      }
    `,
    {},
    { fetchPolicy: "store-and-network" },
  );
  const create = (
    <Button look="primary" icon={Plus} onPress={() => setEditing("new")}>
      {t("create")}
    </Button>
  );
  return (
    <Page title={t("title")} about={t("about")} actions={mayWrite && create}>
      <Section>
        {sources.length === 0 && <EmptyState icon={FolderOpen} title={t("empty")} hint={t("emptyHint")} />}
        <List label={t("title")}>
          {present(sources).map((source) => (
            <ListItem
              key={source.id}
              title={source.name}
              detail={
                <>
                  {t("count", { count: source.articleCount })} · <When at={source.createdAt} />
                </>
              }
              actions={mayWrite && <Actions onEdit={() => setEditing(source)} onDelete={() => setRemoving(source)} />}
            />
          ))}
        </List>
      </Section>
      {editing && <SourceDialog source={editing === "new" ? null : editing} onClose={() => setEditing(null)} />}
      {removing && <DeleteDialog source={removing} onClose={() => setRemoving(null)} />}
    </Page>
  );
}

function Actions({ onEdit, onDelete }: { readonly onEdit: () => void; readonly onDelete: () => void }) {
  const act = useTranslations("app.act");
  return (
    <>
      <IconButton icon={Pencil} label={act("edit")} onPress={onEdit} />
      <IconButton icon={Trash2} label={act("delete")} onPress={onDelete} />
    </>
  );
}

function DeleteDialog({ source, onClose }: { readonly source: Source; readonly onClose: () => void }) {
  const t = useTranslations("knowledge.sources");
  const act = useTranslations("app.act");
  const [remove, isBusy] = useChange<SourcesDeleteMutation>(graphql`
    mutation SourcesDeleteMutation($input: DeleteSourceInput!) {
      deleteSource(input: $input) {
        ... on DeleteSourceSuccess {
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
      title={t("delete", { name: source.name })}
      action={act("delete")}
      isBusy={isBusy}
      onClose={onClose}
      onConfirm={() => remove({ input: { sourceId: source.id } })}
    >
      {t("deleteHint", { count: source.articleCount })}
    </ConfirmDialog>
  );
}

function SourceDialog({ source, onClose }: { readonly source: Source | null; readonly onClose: () => void }) {
  const t = useTranslations("knowledge.sources");
  const act = useTranslations("app.act");
  const [name, setName] = useState(source?.name ?? "");
  const [create, isCreating] = useChange<SourcesCreateMutation>(graphql`
    mutation SourcesCreateMutation($input: CreateSourceInput!) {
      createSource(input: $input) {
        ... on CreateSourceSuccess {
          source {
            id
            name
            articleCount
            createdAt
          }
        }
        ... on Error {
          code
          message
        }
      }
    }
  `);
  const [rename, isRenaming] = useChange<SourcesRenameMutation>(graphql`
    mutation SourcesRenameMutation($input: RenameSourceInput!) {
      renameSource(input: $input) {
        ... on RenameSourceSuccess {
          source {
            id
            name
          }
        }
        ... on Error {
          code
          message
        }
      }
    }
  `);
  const submit = (): Promise<unknown> =>
    source
      ? rename({ input: { sourceId: source.id, name } })
      : create(
          { input: { name } },
          {
            updater: (store) => {
              const made = store.getRootField("createSource")?.getLinkedRecord("source");
              const root = store.get(ROOT_ID);
              if (made && root)
                root.setLinkedRecords([...(root.getLinkedRecords("sources") ?? []), made], "sources", {});
            },
          },
        );
  return (
    <FormDialog
      isOpen
      title={t(source ? "rename" : "create")}
      submit={source ? undefined : act("create")}
      isBusy={isCreating || isRenaming}
      isDisabled={name.trim() === ""}
      onSubmit={submit}
      onClose={onClose}
    >
      <TextField label={t("name")} hint={t("nameHint")} value={name} onChange={setName} autoFocus />
    </FormDialog>
  );
}
