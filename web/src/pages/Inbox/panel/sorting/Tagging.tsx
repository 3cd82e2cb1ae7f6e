/** The tags of the conversation, and giving it others. */
import { Plus } from "lucide-react";
import { lazy, Suspense } from "react";
import { graphql, useFragment, useLazyLoadQuery } from "react-relay";
import { ROOT_ID } from "relay-runtime";
import { useTranslations } from "use-intl";
import type { Tagging_conversation$key } from "~/__generated__/Tagging_conversation.graphql";
import type { TaggingCreateMutation } from "~/__generated__/TaggingCreateMutation.graphql";
import type { TaggingMutation } from "~/__generated__/TaggingMutation.graphql";
import type { TaggingQuery } from "~/__generated__/TaggingQuery.graphql";
import { useMay } from "~/app/viewer";
import { useChange } from "~/changes";
import { Dot, TagChip } from "~/components/Badge";
import { Skeleton } from "~/components/Feedback";
import { Popover } from "~/components/Menu";
import { useTellProblem } from "~/components/Toast";
import { Nothing } from "../Part";
import { Quiet } from "./Quiet";

const Picker = lazy(() => import("./Picker"));

export function Tagging({ conversation: key }: { readonly conversation: Tagging_conversation$key }) {
  const t = useTranslations("panel.tags");
  const mayReply = useMay("REPLY_TO_CONVERSATIONS");
  const { id, triage } = useFragment(
    graphql`
      fragment Tagging_conversation on Conversation {
        id
        triage {
          tags {
            id
            name
            color
          }
        }
      }
    `,
    key,
  );
  const tags = triage?.tags ?? [];
  const words =
    tags.length === 0 ? (
      <Nothing>{t("none")}</Nothing>
    ) : (
      <span className="flex flex-wrap gap-1 py-1">
        {tags.map((tag) => (
          <TagChip key={tag.id} name={tag.name} color={tag.color} />
        ))}
      </span>
    );
  if (!mayReply) return words;
  return (
    <Popover
      label={t("choose")}
      trigger={
        <Quiet icon={Plus} label={t("choose")}>
          {words}
        </Quiet>
      }
    >
      <Suspense fallback={<Skeleton className="p-2" />}>
        <Choosing id={id} chosen={tags.map((tag) => tag.id)} />
      </Suspense>
    </Popover>
  );
}

interface ChoosingProps {
  readonly id: string;
  readonly chosen: readonly string[];
}

function Choosing({ id, chosen }: ChoosingProps) {
  const t = useTranslations("panel.tags");
  const tell = useTellProblem();
  const mayCreate = useMay("MANAGE_DESK");
  const change = useTagging(id);
  const create = useCreating();
  const { tags } = useLazyLoadQuery<TaggingQuery>(
    graphql`
      query TaggingQuery {
        tags {
          id
          name
          color
        }
      }
    `,
    {},
    { fetchPolicy: "store-and-network" },
  );
  const set = (ids: readonly string[]): void => {
    const addTagIds = ids.filter((one) => !chosen.includes(one));
    const removeTagIds = chosen.filter((one) => !ids.includes(one));
    change({ addTagIds, removeTagIds }).catch(tell);
  };
  const make = async (name: string): Promise<unknown> => {
    const made = await create(name);
    return made && change({ addTagIds: [made] });
  };
  return (
    <Picker
      isMany
      label={t("choose")}
      options={tags.map((tag) => ({ id: tag.id, label: tag.name, mark: <Dot color={tag.color} /> }))}
      chosen={chosen}
      nothing={t(mayCreate ? "nothingCreate" : "nothing")}
      create={mayCreate ? (name) => t("create", { name }) : undefined}
      onCreate={(name) => void make(name).catch(tell)}
      onChange={set}
    />
  );
}

interface Tags {
  readonly addTagIds: readonly string[];
  readonly removeTagIds?: readonly string[];
}

function useTagging(conversationId: string): (tags: Tags) => Promise<unknown> {
  const [tag] = useChange<TaggingMutation>(graphql`
    mutation TaggingMutation($input: TagConversationInput!) {
      tagConversation(input: $input) {
        ... on TagConversationSuccess {
          conversation {
            id
            ...Tagging_conversation
          }
        }
        ... on Error {
          code
          message
        }
      }
    }
  `);
  return (tags) => tag({ input: { conversationId, ...tags } });
}

/** Make a tag; its id. */
function useCreating(): (name: string) => Promise<string | undefined> {
  const [create] = useChange<TaggingCreateMutation>(graphql`
    mutation TaggingCreateMutation($input: CreateTagInput!) {
      createTag(input: $input) {
        ... on CreateTagSuccess {
          tag {
            id
            name
            color
          }
        }
        ... on Error {
          code
          message
        }
      }
    }
  `);
  return async (name) => {
    const made = await create(
      { input: { name } },
      {
        updater: (store) => {
          const tag = store.getRootField("createTag")?.getLinkedRecord("tag");
          const root = store.get(ROOT_ID);
          if (tag && root) root.setLinkedRecords([...(root.getLinkedRecords("tags") ?? []), tag], "tags", {});
        },
      },
    );
    return made.tag?.id;
  };
}
