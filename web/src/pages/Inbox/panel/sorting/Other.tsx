/** Finding the other conversation: the one in which this goes on, or the one that belongs with it. */
import { GitMerge, Link2 } from "lucide-react";
import { Suspense, useDeferredValue, useState } from "react";
import { graphql, useFragment, useLazyLoadQuery } from "react-relay";
import { useTranslations } from "use-intl";
import type { Other_conversation$data, Other_conversation$key } from "~/__generated__/Other_conversation.graphql";
import type { OtherLinkMutation } from "~/__generated__/OtherLinkMutation.graphql";
import type { OtherMergeMutation } from "~/__generated__/OtherMergeMutation.graphql";
import type { OtherQuery } from "~/__generated__/OtherQuery.graphql";
import { useChange } from "~/changes";
import { Ago } from "~/components/Badge";
import { Button } from "~/components/Button";
import { Dialog } from "~/components/Dialog";
import { Notice, Problem, Skeleton } from "~/components/Feedback";
import { SearchField } from "~/components/Field";
import { List, ListItem } from "~/components/Table";

interface OtherProps {
  readonly deed: "merge" | "link";
  readonly id: string;
  readonly subject: string;
  readonly customerId: string | undefined;
  readonly onClose: () => void;
}

export default function Other({ deed, id, subject, customerId, onClose }: OtherProps) {
  const t = useTranslations("panel.other");
  const [words, setWords] = useState("");
  const [chosen, setChosen] = useState<Other_conversation$data | null>(null);
  const [problem, setProblem] = useState<unknown>(null);
  const [act, isBusy] = useDeed(deed, id);
  const asked = useDeferredValue(words.trim());
  const choose = (other: Other_conversation$data): void => {
    setProblem(null);
    // Merging is for good: the other one is shown once more before.
    if (deed === "merge") setChosen(other);
    else act(other.id).then(onClose, setProblem);
  };
  return (
    <Dialog title={t(`${deed}Title`)} isOpen onClose={onClose}>
      <div className="flex flex-col gap-3">
        <p className="text-ink-muted">{t(`${deed}Hint`)}</p>
        <Problem of={problem} />
        {chosen ? (
          <>
            <Notice tone="warning">
              {t("mergeSure", { from: subject || t("noSubject"), into: chosen.subject || t("noSubject") })}
            </Notice>
            <div className="flex justify-end gap-2">
              <Button onPress={() => setChosen(null)}>{t("back")}</Button>
              <Button look="danger" isBusy={isBusy} onPress={() => void act(chosen.id).then(onClose, setProblem)}>
                {t("merge")}
              </Button>
            </div>
          </>
        ) : (
          <>
            <SearchField label={t("search")} value={words} onChange={setWords} autoFocus />
            <Suspense fallback={<Skeleton lines={5} />}>
              <Found deed={deed} id={id} customerId={customerId} words={asked} isBusy={isBusy} onChoose={choose} />
            </Suspense>
          </>
        )}
      </div>
    </Dialog>
  );
}

interface FoundProps {
  readonly deed: "merge" | "link";
  readonly id: string;
  readonly customerId: string | undefined;
  readonly words: string;
  readonly isBusy: boolean;
  readonly onChoose: (other: Other_conversation$data) => void;
}

/** What the words are in; without words the customer's own. Only a customer's own can be merged. */
function Found({ deed, id, customerId, words, isBusy, onChoose }: FoundProps) {
  const t = useTranslations("panel.other");
  const isSearching = words.length > 1;
  const { customer, search } = useLazyLoadQuery<OtherQuery>(
    graphql`
      query OtherQuery(
        $customerId: ID!
        $isOwn: Boolean!
        $words: String!
        $filter: SearchFilterInput
        $isSearching: Boolean!
      ) {
        customer(id: $customerId) @include(if: $isOwn) {
          conversations(first: 30) {
            nodes {
              id
              mergedInto {
                id
              }
              ...Other_conversation
            }
          }
        }
        search(query: $words, types: [MESSAGE], filter: $filter, first: 30) @include(if: $isSearching) {
          nodes {
            ... on MessageHit {
              conversation {
                id
                mergedInto {
                  id
                }
                ...Other_conversation
              }
            }
          }
        }
      }
    `,
    {
      customerId: customerId ?? "",
      isOwn: !isSearching && customerId !== undefined,
      words,
      filter: deed === "merge" ? { customerId } : null,
      isSearching,
    },
    { fetchPolicy: "store-and-network" },
  );
  const all = isSearching
    ? (search?.nodes ?? []).map((hit) => hit.conversation)
    : (customer?.conversations.nodes ?? []);
  const others = [...new Map(all.flatMap((one) => (one ? [[one.id, one] as const] : []))).values()];
  const offered = others.filter((other) => other.id !== id && !other.mergedInto);
  if (offered.length === 0)
    return <p className="py-4 text-center text-ink-muted">{t(isSearching ? "none" : "noOwn")}</p>;
  return (
    <div className="max-h-80 overflow-y-auto">
      <List label={t("found")}>
        {offered.map((other) => (
          <Row key={other.id} deed={deed} conversation={other} isBusy={isBusy} onChoose={onChoose} />
        ))}
      </List>
    </div>
  );
}

interface RowProps {
  readonly deed: "merge" | "link";
  readonly conversation: Other_conversation$key;
  readonly isBusy: boolean;
  readonly onChoose: (other: Other_conversation$data) => void;
}

function Row({ deed, conversation: key, isBusy, onChoose }: RowProps) {
  const t = useTranslations("panel");
  const conversation = useFragment(
    graphql`
      fragment Other_conversation on Conversation {
        id
        subject
        state
        lastActivityAt
        customer {
          id
          name
        }
      }
    `,
    key,
  );
  const subject = conversation.subject || t("other.noSubject");
  return (
    <ListItem
      title={subject}
      detail={
        <>
          {conversation.customer?.name} · {t(`state.${conversation.state}`)} · <Ago at={conversation.lastActivityAt} />
        </>
      }
      actions={
        <Button
          icon={deed === "merge" ? GitMerge : Link2}
          isDisabled={isBusy}
          aria-label={t(`other.${deed}With`, { subject })}
          onPress={() => onChoose(conversation)}
        >
          {t(`other.${deed}`)}
        </Button>
      }
    />
  );
}

function useDeed(deed: "merge" | "link", conversationId: string): [(otherId: string) => Promise<unknown>, boolean] {
  const [merge, isMerging] = useChange<OtherMergeMutation>(graphql`
    mutation OtherMergeMutation($input: MergeConversationsInput!) {
      mergeConversations(input: $input) {
        ... on MergeConversationsSuccess {
          conversation {
            id
            state
            lastActivityAt
            ...Relations_conversation
          }
        }
        ... on Error {
          code
          message
        }
      }
    }
  `);
  const [link, isLinking] = useChange<OtherLinkMutation>(graphql`
    mutation OtherLinkMutation($input: LinkConversationsInput!) {
      linkConversations(input: $input) {
        ... on LinkConversationsSuccess {
          conversation {
            id
            ...Relations_conversation
          }
        }
        ... on Error {
          code
          message
        }
      }
    }
  `);
  const act = (otherId: string): Promise<unknown> =>
    deed === "merge"
      ? merge({ input: { conversationId, intoId: otherId } })
      : link({ input: { conversationId, otherId } });
  return [act, isMerging || isLinking];
}
