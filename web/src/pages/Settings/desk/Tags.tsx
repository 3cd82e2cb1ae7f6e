/** Which tags conversations may have. */
import { Pencil, Plus, Tags as TagsIcon, Trash2 } from "lucide-react";
import { useState } from "react";
import { graphql, useFragment, useLazyLoadQuery } from "react-relay";
import { ROOT_ID } from "relay-runtime";
import { useTranslations } from "use-intl";
import type { Tags_tag$data, Tags_tag$key } from "~/__generated__/Tags_tag.graphql";
import type { TagsChangeMutation } from "~/__generated__/TagsChangeMutation.graphql";
import type { TagColor, TagsCreateMutation } from "~/__generated__/TagsCreateMutation.graphql";
import type { TagsDeleteMutation } from "~/__generated__/TagsDeleteMutation.graphql";
import type { TagsQuery } from "~/__generated__/TagsQuery.graphql";
import { useMay } from "~/app/viewer";
import { present, Refusal, useChange } from "~/changes";
import { Dot } from "~/components/Badge";
import { Button, IconButton } from "~/components/Button";
import { Select } from "~/components/Choice";
import { ConfirmDialog, FormDialog } from "~/components/Dialog";
import { EmptyState } from "~/components/Feedback";
import { TextField } from "~/components/Field";
import { Page, Section } from "~/components/Page";
import { List, ListItem } from "~/components/Table";

const COLORS: readonly TagColor[] = ["GRAY", "RED", "ORANGE", "YELLOW", "GREEN", "TEAL", "BLUE", "PURPLE", "PINK"];

const TAG = graphql`
  fragment Tags_tag on Tag {
    id
    name
    color
  }
`;

export default function Tags() {
  const t = useTranslations("tags");
  const mayManage = useMay("MANAGE_DESK");
  const [editing, setEditing] = useState<"new" | Tags_tag$data | null>(null);
  const { tags } = useLazyLoadQuery<TagsQuery>(
    graphql`
      query TagsQuery {
        tags {
          id
          ...Tags_tag
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
    <Page title={t("title")} about={t("about")} actions={mayManage && create}>
      <Section>
        {tags.length === 0 ? (
          <EmptyState icon={TagsIcon} title={t("empty")} hint={t("emptyHint")} />
        ) : (
          <List label={t("title")}>
            {present(tags).map((tag) => (
              <Row key={tag.id} tag={tag} mayManage={mayManage} onEdit={setEditing} />
            ))}
          </List>
        )}
      </Section>
      {editing && <TagDialog tag={editing === "new" ? null : editing} onClose={() => setEditing(null)} />}
    </Page>
  );
}

interface RowProps {
  readonly tag: Tags_tag$key;
  readonly mayManage: boolean;
  readonly onEdit: (tag: Tags_tag$data) => void;
}

function Row({ tag: key, mayManage, onEdit }: RowProps) {
  const t = useTranslations("tags");
  const act = useTranslations("app.act");
  const tag = useFragment(TAG, key);
  const [isAsking, setAsking] = useState(false);
  const [remove, isBusy] = useChange<TagsDeleteMutation>(graphql`
    mutation TagsDeleteMutation($input: DeleteTagInput!) {
      deleteTag(input: $input) {
        ... on DeleteTagSuccess {
          deletedId @deleteRecord
        }
        ... on Error {
          code
          message
        }
      }
    }
  `);
  const actions = mayManage && (
    <>
      <IconButton icon={Pencil} label={act("edit")} onPress={() => onEdit(tag)} />
      <IconButton icon={Trash2} label={act("delete")} onPress={() => setAsking(true)} />
    </>
  );
  return (
    <>
      <ListItem mark={<Dot color={tag.color} />} title={tag.name} actions={actions} />
      <ConfirmDialog
        title={t("delete", { name: tag.name })}
        action={act("delete")}
        isOpen={isAsking}
        isBusy={isBusy}
        onClose={() => setAsking(false)}
        onConfirm={() => remove({ input: { tagId: tag.id } })}
      >
        {t("deleteHint")}
      </ConfirmDialog>
    </>
  );
}

function TagDialog({ tag, onClose }: { readonly tag: Tags_tag$data | null; readonly onClose: () => void }) {
  const t = useTranslations("tags");
  const act = useTranslations("app.act");
  const [name, setName] = useState(tag?.name ?? "");
  const [color, setColor] = useState<TagColor>(tag?.color ?? "GRAY");
  const [problem, setProblem] = useState<string>();
  const [save, isBusy] = useSave(tag?.id);
  const submit = async (): Promise<void> => {
    setProblem(undefined);
    await save(name, color).catch((error: unknown) => {
      if (error instanceof Refusal) setProblem(error.of("name"));
      throw error;
    });
  };
  return (
    <FormDialog
      isOpen
      title={t(tag ? "rename" : "create")}
      submit={tag ? undefined : act("create")}
      isBusy={isBusy}
      isDisabled={name.trim() === ""}
      onSubmit={submit}
      onClose={onClose}
    >
      <TextField label={t("name")} value={name} onChange={setName} problem={problem} autoFocus />
      <Select
        label={t("color")}
        value={color}
        onChange={setColor}
        choices={COLORS.map((id) => ({ id, label: t(`colors.${id}`), mark: <Dot color={id} /> }))}
      />
    </FormDialog>
  );
}

/** Make a tag, or change the one of this id. */
function useSave(id: string | undefined): [(name: string, color: TagColor) => Promise<unknown>, boolean] {
  const [create, isCreating] = useChange<TagsCreateMutation>(graphql`
    mutation TagsCreateMutation($input: CreateTagInput!) {
      createTag(input: $input) {
        ... on CreateTagSuccess {
          tag {
            id
            ...Tags_tag
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
  const [change, isChanging] = useChange<TagsChangeMutation>(graphql`
    mutation TagsChangeMutation($input: ChangeTagInput!) {
      changeTag(input: $input) {
        ... on ChangeTagSuccess {
          tag {
            ...Tags_tag
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
  const save = (name: string, color: TagColor): Promise<unknown> =>
    id
      ? change({ input: { tagId: id, name, color } })
      : create(
          { input: { name, color } },
          {
            updater: (store) => {
              const made = store.getRootField("createTag")?.getLinkedRecord("tag");
              const root = store.get(ROOT_ID);
              if (made && root) root.setLinkedRecords([...(root.getLinkedRecords("tags") ?? []), made], "tags", {});
            },
          },
        );
  return [save, isCreating || isChanging];
}
