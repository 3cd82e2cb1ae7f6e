/** One thing that was found: what it is, where it is, and the words that fit. */
import { BookOpen, type LucideIcon, MessageSquare, StickyNote, UserRound } from "lucide-react";
import type { ReactNode } from "react";
import { graphql, useFragment } from "react-relay";
import { useTranslations } from "use-intl";
import type { Hit_hit$data, Hit_hit$key } from "~/__generated__/Hit_hit.graphql";
import { Link } from "~/app/navigation";
import { Ago, Badge } from "~/components/Badge";
import { unmarked } from "~/pages/Inbox/list/plain";
import { placeOf } from "../Inbox/place";
import { FIRST_VIEW } from "../Inbox/views/system";

export function Hit({ hit: key }: { readonly hit: Hit_hit$key }) {
  const t = useTranslations("search");
  const hit = useFragment(
    graphql`
      fragment Hit_hit on SearchHit {
        __typename
        ... on Finding {
          at
          excerpt {
            text
            isMatch
          }
        }
        ... on MessageHit {
          message {
            id
            author {
              __typename
              ... on Customer {
                name
              }
              ... on Agent {
                name
              }
              ... on Assistant {
                name
              }
            }
          }
          conversation {
            id
            subject
            state
            customer {
              id
              name
            }
          }
        }
        ... on NoteHit {
          note {
            id
            author {
              id
              name
            }
          }
          conversation {
            id
            subject
            state
            customer {
              id
              name
            }
          }
        }
        ... on CustomerHit {
          customer {
            id
            name
            email
            blockedAt
          }
        }
        ... on ArticleHit {
          article {
            id
            title
          }
        }
      }
    `,
    key,
  );
  const { __typename: kind, conversation, customer, article, at } = hit;
  const state = conversation?.state;
  if (kind === "MessageHit" || kind === "NoteHit")
    return (
      <Line
        icon={kind === "NoteHit" ? StickyNote : MessageSquare}
        kind={t(`kind.${kind}`)}
        to={conversation && placeOf(FIRST_VIEW, conversation.id)}
        title={conversation?.subject || t("noSubject")}
        detail={[conversation?.customer?.name || t("nameless"), t("by", { name: nameOf(hit, t("assistant")) })].join(
          " · ",
        )}
        badge={state && <Badge>{t(`filter.states.${state}`)}</Badge>}
        at={at}
        excerpt={hit.excerpt}
      />
    );
  if (kind === "CustomerHit")
    return (
      <Line
        icon={UserRound}
        kind={t(`kind.${kind}`)}
        to={customer && `/customers/${encodeURIComponent(customer.id)}`}
        title={customer?.name || t("nameless")}
        detail={customer?.email}
        badge={customer?.blockedAt && <Badge tone="danger">{t("blocked")}</Badge>}
        at={at}
        excerpt={hit.excerpt}
      />
    );
  return (
    <Line
      icon={BookOpen}
      kind={t("kind.ArticleHit")}
      to={article && `/knowledge/${encodeURIComponent(article.id)}`}
      title={article?.title ?? ""}
      at={at}
      excerpt={hit.excerpt}
    />
  );
}

function nameOf({ message, note }: Hit_hit$data, assistant: string): string {
  const author = message?.author;
  if (author?.__typename === "Assistant") return assistant;
  if (author?.__typename === "Agent" || author?.__typename === "Customer") return author.name;
  return note?.author?.name ?? "–";
}

interface LineProps {
  readonly icon: LucideIcon;
  readonly kind: string;
  /** Nowhere, where it went in the meantime. */
  readonly to: string | null | undefined;
  readonly title: string;
  readonly detail?: string | null;
  readonly badge?: ReactNode;
  readonly at: string | undefined;
  readonly excerpt: Hit_hit$data["excerpt"];
}

function Line({ icon: Icon, kind, to, title, detail, badge, at, excerpt }: LineProps) {
  const words = (
    <>
      <span title={kind} className="pt-0.5 text-ink-faint">
        <Icon size={16} aria-hidden />
        <span className="sr-only">{kind}</span>
      </span>
      <span className="flex min-w-0 flex-1 flex-col gap-0.5">
        <span className="flex items-baseline gap-2">
          <span className="min-w-0 truncate font-medium">{title}</span>
          {at && <Ago at={at} className="ms-auto shrink-0 text-ink-faint text-xs" />}
        </span>
        <span className="flex items-center gap-2 text-ink-muted text-xs">
          {detail && <span className="min-w-0 truncate">{detail}</span>}
          {badge && <span className="shrink-0">{badge}</span>}
        </span>
        <Excerpt segments={excerpt ?? []} />
      </span>
    </>
  );
  return (
    <li>
      {to ? (
        <Link
          to={to}
          data-hit
          className="flex gap-3 px-4 py-3 outline-none hover:bg-hover focus-visible:outline-2 focus-visible:-outline-offset-2"
        >
          {words}
        </Link>
      ) : (
        <div className="flex gap-3 px-4 py-3">{words}</div>
      )}
    </li>
  );
}

/** Pieces of plain text, of which those that fit are marked: nothing of them is ever read as HTML. */
function Excerpt({ segments }: { readonly segments: NonNullable<Hit_hit$data["excerpt"]> }) {
  return (
    <span className="line-clamp-3 text-ink-muted [overflow-wrap:anywhere]">
      {segments.map(({ text, isMatch }, at) =>
        isMatch ? (
          <mark key={at} className="rounded-xs bg-note-soft font-semibold text-ink">
            {unmarked(text)}
          </mark>
        ) : (
          unmarked(text)
        ),
      )}
    </span>
  );
}
