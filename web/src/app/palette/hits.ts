/** What the search finds while somebody types: conversations, customers, articles. */
import { BookOpen, type LucideIcon, MessageSquare, StickyNote, UserRound } from "lucide-react";
import { useEffect, useState } from "react";
import { fetchQuery, graphql, useRelayEnvironment } from "react-relay";
import type { hitsQuery, hitsQuery$data } from "~/__generated__/hitsQuery.graphql";
import { plain } from "~/pages/Inbox/list/plain";

export interface Hit {
  readonly id: string;
  readonly to: string;
  readonly icon: LucideIcon;
  readonly title: string;
  readonly detail?: string;
}

type Node = hitsQuery$data["search"]["nodes"][number];

/** A pause in typing, after which it is worth asking. */
const PAUSE = 180;
const LEAST = 2;

export function useHits(text: string): { readonly hits: readonly Hit[]; readonly isSearching: boolean } {
  const environment = useRelayEnvironment();
  const words = text.trim();
  const [found, setFound] = useState<{ readonly words: string; readonly hits: readonly Hit[] }>({
    words: "",
    hits: [],
  });
  useEffect(() => {
    if (words.length < LEAST) return;
    let end = (): void => {};
    const timer = setTimeout(() => {
      const asked = fetchQuery<hitsQuery>(environment, QUERY, { query: words.slice(0, 200) });
      const { unsubscribe } = asked.subscribe({
        next: ({ search }) => setFound({ words, hits: unique(search.nodes.flatMap(hitOf)) }),
        error: () => setFound({ words, hits: [] }),
      });
      end = unsubscribe;
    }, PAUSE);
    return () => {
      clearTimeout(timer);
      end();
    };
  }, [environment, words]);
  if (words.length < LEAST) return { hits: [], isSearching: false };
  return { hits: found.hits, isSearching: found.words !== words };
}

const QUERY = graphql`
  query hitsQuery($query: String!) {
    search(query: $query, first: 12) {
      nodes {
        __typename
        ... on Finding {
          excerpt {
            text
          }
        }
        ... on MessageHit {
          conversation {
            id
            subject
          }
        }
        ... on NoteHit {
          conversation {
            id
            subject
          }
        }
        ... on CustomerHit {
          customer {
            id
            name
            email
          }
        }
        ... on ArticleHit {
          article {
            id
            title
          }
        }
      }
    }
  }
`;

function hitOf({ __typename, article, conversation, customer, excerpt }: Node): Hit[] {
  const words = plain((excerpt ?? []).map(({ text }) => text).join(""));
  const at = (place: string, id: string): string => `${place}/${encodeURIComponent(id)}`;
  if (customer)
    return [
      {
        id: customer.id,
        to: at("/customers", customer.id),
        icon: UserRound,
        title: customer.name || (customer.email ?? words),
        detail: customer.email ?? undefined,
      },
    ];
  if (article)
    return [{ id: article.id, to: at("/knowledge", article.id), icon: BookOpen, title: article.title, detail: words }];
  if (!conversation) return [];
  const icon = __typename === "NoteHit" ? StickyNote : MessageSquare;
  const title = conversation.subject || words;
  return [{ id: conversation.id, to: at("/inbox/open", conversation.id), icon, title, detail: words }];
}

/** One line for each thing, however often it was found. */
function unique(hits: readonly Hit[]): Hit[] {
  return [...new Map(hits.toReversed().map((hit) => [hit.id, hit])).values()].toReversed();
}
