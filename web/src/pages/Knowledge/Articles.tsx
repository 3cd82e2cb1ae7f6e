/** All articles by their source, and the one that is open beside them. */
import { BookOpen, FileUp, Plus } from "lucide-react";
import { Suspense, useState } from "react";
import { graphql, useLazyLoadQuery } from "react-relay";
import { useTranslations } from "use-intl";
import type { ArticlesQuery } from "~/__generated__/ArticlesQuery.graphql";
import { useNavigate, usePath } from "~/app/navigation";
import { useMay } from "~/app/viewer";
import { present } from "~/changes";
import { Button, ButtonLink, IconButton } from "~/components/Button";
import { EmptyState, Skeleton } from "~/components/Feedback";
import { cx } from "~/components/style";
import { Article } from "./article/Article";
import { NewArticle } from "./article/NewArticle";
import { SourceArticles } from "./SourceArticles";

/** The article of an address: `/knowledge/ID`, or `/knowledge/articles/ID`. */
function articleOf(path: string): string | undefined {
  const [, , first, second] = path.split("/");
  return first === "articles" ? second : first;
}

export default function Articles() {
  const t = useTranslations("knowledge.articles");
  const open = articleOf(usePath());
  const navigate = useNavigate();
  const mayWrite = useMay("WRITE_KNOWLEDGE");
  const [isMaking, setMaking] = useState(false);
  const query = useLazyLoadQuery<ArticlesQuery>(
    graphql`
      query ArticlesQuery {
        sources {
          id
          name
          ...SourceArticles_source
        }
      }
    `,
    {},
    { fetchPolicy: "store-and-network" },
  );
  const sources = present(query.sources);
  const make = () => setMaking(true);
  return (
    <div className="flex h-full min-h-0">
      <title>{`${t("title")} · Parley`}</title>
      <div
        className={cx("flex w-full shrink-0 flex-col border-line border-e bg-surface md:w-72", open && "max-md:hidden")}
      >
        <div className="flex items-center justify-between px-4 py-3">
          <h1 className="font-semibold text-base">{t("title")}</h1>
          {mayWrite && sources.length > 0 && <IconButton icon={Plus} label={t("create")} onPress={make} />}
        </div>
        <nav aria-label={t("title")} className="min-h-0 flex-1 overflow-y-auto px-2 pb-4">
          {sources.map((source) => (
            <SourceArticles key={source.id} source={source} open={open} />
          ))}
          {sources.length === 0 && <Nothing mayWrite={mayWrite} />}
        </nav>
      </div>
      <div className={cx("min-w-0 flex-1", !open && "max-md:hidden")}>
        {open ? (
          <Suspense key={open} fallback={<Skeleton className="p-8" lines={8} />}>
            <Article id={open} />
          </Suspense>
        ) : (
          <EmptyState icon={BookOpen} title={t("choose")} hint={t("chooseHint")}>
            {mayWrite && sources.length > 0 && (
              <Button icon={Plus} onPress={make}>
                {t("create")}
              </Button>
            )}
          </EmptyState>
        )}
      </div>
      {isMaking && (
        <NewArticle sources={sources} onClose={() => setMaking(false)} onMade={(id) => navigate(`/knowledge/${id}`)} />
      )}
    </div>
  );
}

function Nothing({ mayWrite }: { readonly mayWrite: boolean }) {
  const t = useTranslations("knowledge.articles");
  return (
    <EmptyState icon={BookOpen} title={t("empty")} hint={t("emptyHint")}>
      {mayWrite && (
        <ButtonLink to="/knowledge/import" icon={FileUp} look="primary">
          {t("import")}
        </ButtonLink>
      )}
    </EmptyState>
  );
}
