/** A source in its article: the passage that an answer rests on stands out, what is around it stays in sight. */
import { BookOpen, ExternalLink } from "lucide-react";
import { useEffect, useRef } from "react";
import { graphql, useLazyLoadQuery } from "react-relay";
import { useTranslations } from "use-intl";
import type { SourceQuery } from "~/__generated__/SourceQuery.graphql";
import { ButtonLink } from "~/components/Button";
import { EmptyState, Notice } from "~/components/Feedback";
import { cx } from "~/components/style";
import { Markdown } from "~/components/text/Markdown";
import type { Source as Cited } from "./sheets";

export function Source({ source }: { readonly source: Cited }) {
  const t = useTranslations("conversation.sources");
  const { article, passage } = useLazyLoadQuery<SourceQuery>(
    graphql`
      query SourceQuery($article: ID!, $passage: ID!) {
        article(id: $article) {
          id
          title
          link
          passages {
            id
            headings
            text
          }
        }
        passage: node(id: $passage) {
          ... on Passage {
            text
          }
        }
      }
    `,
    { article: source.articleId, passage: source.passageId },
    { fetchPolicy: "store-or-network" },
  );
  if (!article) return <EmptyState icon={BookOpen} title={t("gone")} hint={t("goneHint")} />;
  const isThere = article.passages.some(({ id }) => id === source.passageId);
  return (
    <div className="flex flex-col gap-4">
      <div className="flex flex-wrap gap-2">
        <ButtonLink to={`/knowledge/${article.id}`} icon={BookOpen}>
          {t("openArticle")}
        </ButtonLink>
        {article.link && (
          <a
            href={article.link}
            target="_blank"
            rel="noopener noreferrer"
            className="inline-flex min-h-8 items-center gap-1.5 rounded-md px-3 font-medium text-ink-muted text-sm hover:bg-hover hover:text-ink"
          >
            <ExternalLink size={16} aria-hidden />
            {t("asPublished")}
          </a>
        )}
      </div>
      {!isThere && (
        <Notice tone="warning">
          <p>{t("changed")}</p>
          {passage?.text && <Markdown className="mt-2" text={passage.text} />}
        </Notice>
      )}
      <div className="flex flex-col gap-1">
        {article.passages.map((part, at) => (
          <Part
            key={part.id}
            headings={part.headings}
            before={article.passages[at - 1]?.headings ?? []}
            text={part.text}
            isCited={part.id === source.passageId}
          />
        ))}
      </div>
    </div>
  );
}

interface PartProps {
  readonly headings: readonly string[];
  readonly before: readonly string[];
  readonly text: string;
  readonly isCited: boolean;
}

function Part({ headings, before, text, isCited }: PartProps) {
  const t = useTranslations("conversation.sources");
  const place = useRef<HTMLElement>(null);
  useEffect(() => {
    if (isCited) place.current?.scrollIntoView({ block: "center" });
  }, [isCited]);
  const own = headings.filter((heading, at) => heading !== before[at]);
  return (
    <section
      ref={place}
      aria-current={isCited || undefined}
      className={cx("-mx-2 rounded-lg px-3 py-2", isCited && "bg-accent-soft ring-1 ring-accent-ink/30")}
    >
      {isCited && <p className="mb-1 font-medium text-accent-ink text-xs">{t("cited")}</p>}
      {own.length > 0 && <h3 className="mb-1 font-semibold">{own.join(" › ")}</h3>}
      <Markdown text={text} />
    </section>
  );
}
