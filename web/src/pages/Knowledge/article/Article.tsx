/** One article: written, previewed, published, and what it was before. */
import { ArrowLeft, FileQuestion, MoreHorizontal } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { graphql, useLazyLoadQuery } from "react-relay";
import { useTranslations } from "use-intl";
import type { ArticleQuery, ArticleQuery$data } from "~/__generated__/ArticleQuery.graphql";
import { Link, useNavigate } from "~/app/navigation";
import { useMay } from "~/app/viewer";
import { Ago, Badge } from "~/components/Badge";
import { Button, IconButton } from "~/components/Button";
import { ConfirmDialog } from "~/components/Dialog";
import { EmptyState } from "~/components/Feedback";
import { Menu, MenuItem } from "~/components/Menu";
import { useTellProblem } from "~/components/Toast";
import { Markdown } from "~/components/text/Markdown";
import { Editor } from "./Editor";
import { usePublication } from "./publication";

const Versions = lazy(() => import("./Versions"));

const query = graphql`
  query ArticleQuery($id: ID!) {
    article(id: $id) {
      id
      title
      state
      number
      newestNumber
      audience
      link
      updatedAt
      body
      source {
        id
        name
      }
      versions(first: 1) {
        nodes {
          id
          number
          ...Editor_version
        }
      }
    }
  }
`;

type Found = NonNullable<ArticleQuery$data["article"]>;

export function Article({ id }: { readonly id: string }) {
  const t = useTranslations("knowledge");
  const { article } = useLazyLoadQuery<ArticleQuery>(query, { id }, { fetchPolicy: "store-and-network" });
  const mayWrite = useMay("WRITE_KNOWLEDGE");
  const [isShowingVersions, setShowingVersions] = useState(false);
  if (!article) return <EmptyState icon={FileQuestion} title={t("articles.gone")} hint={t("articles.goneHint")} />;
  const newest = article.versions.nodes[0];
  return (
    <article className="flex h-full min-h-0 flex-col">
      <title>{`${article.title} · Parley`}</title>
      <Head article={article} mayWrite={mayWrite} onVersions={() => setShowingVersions(true)} />
      {mayWrite && newest ? (
        <Editor key={newest.number} articleId={article.id} version={newest} />
      ) : (
        <Markdown text={article.body} className="min-h-0 max-w-prose flex-1 overflow-y-auto p-6" />
      )}
      {isShowingVersions && (
        <Suspense>
          <Versions id={article.id} onClose={() => setShowingVersions(false)} />
        </Suspense>
      )}
    </article>
  );
}

interface HeadProps {
  readonly article: Found;
  readonly mayWrite: boolean;
  readonly onVersions: () => void;
}

function Head({ article, mayWrite, onVersions }: HeadProps) {
  const t = useTranslations("knowledge");
  const act = useTranslations("app.act");
  const isWaiting = article.state !== "PUBLISHED" || article.newestNumber > article.number;
  const { publish, isBusy } = usePublication(article.id);
  const tellProblem = useTellProblem();
  return (
    <header className="flex flex-wrap items-center gap-x-3 gap-y-2 border-line border-b px-4 py-2">
      <Link to="/knowledge/articles" aria-label={act("back")} className="rounded p-1.5 hover:bg-hover md:hidden">
        <ArrowLeft size={16} aria-hidden className="rtl:-scale-x-100" />
      </Link>
      <div className="min-w-0 flex-1">
        <h2 className="truncate font-semibold">{article.title}</h2>
        <p className="flex flex-wrap items-center gap-x-2 text-ink-muted text-xs">
          <Badge tone={article.state === "PUBLISHED" ? "success" : "neutral"}>{t(`state.${article.state}`)}</Badge>
          {article.state === "PUBLISHED" && isWaiting && <Badge tone="warning">{t("state.newer")}</Badge>}
          {article.audience === "INTERNAL" && <Badge tone="assistant">{t("audience.INTERNAL")}</Badge>}
          {article.source && <span>{article.source.name}</span>}
          <span>
            {t("articles.version", { number: article.newestNumber })} · <Ago at={article.updatedAt} />
          </span>
        </p>
      </div>
      {mayWrite && isWaiting && (
        <Button look="primary" isBusy={isBusy} onPress={() => void publish().catch(tellProblem)}>
          {t("articles.publish")}
        </Button>
      )}
      <More article={article} mayWrite={mayWrite} onVersions={onVersions} />
    </header>
  );
}

function More({ article, mayWrite, onVersions }: HeadProps) {
  const t = useTranslations("knowledge.articles");
  const act = useTranslations("app.act");
  const { unpublish, remove, isBusy } = usePublication(article.id);
  const [isAsking, setAsking] = useState(false);
  const tellProblem = useTellProblem();
  const navigate = useNavigate();
  return (
    <>
      <Menu trigger={<IconButton icon={MoreHorizontal} label={act("actions")} />} label={act("actions")}>
        <MenuItem onAction={onVersions}>{t("versions")}</MenuItem>
        {mayWrite && article.state === "PUBLISHED" ? (
          <MenuItem onAction={() => void unpublish().catch(tellProblem)}>{t("unpublish")}</MenuItem>
        ) : null}
        {mayWrite ? (
          <MenuItem isDanger onAction={() => setAsking(true)}>
            {act("delete")}
          </MenuItem>
        ) : null}
      </Menu>
      <ConfirmDialog
        title={t("delete", { title: article.title })}
        action={act("delete")}
        isOpen={isAsking}
        isBusy={isBusy}
        onClose={() => setAsking(false)}
        onConfirm={() => remove().then(() => navigate("/knowledge/articles"))}
      >
        {t("deleteHint")}
      </ConfirmDialog>
    </>
  );
}
