/** The frame of knowledge: articles, how they get in, and what is missing. */
import { lazy, Suspense } from "react";
import { useTranslations } from "use-intl";
import { Route, Switch, usePath } from "~/app/navigation";
import { useMay } from "~/app/viewer";
import { Boundary, Skeleton } from "~/components/Feedback";
import { SubNavigation } from "~/components/Page";

const Articles = lazy(() => import("./Articles"));
const Import = lazy(() => import("./Import"));
const Sources = lazy(() => import("./Sources"));
const Try = lazy(() => import("./Try"));
const Gaps = lazy(() => import("./learning/Gaps"));
const Curated = lazy(() => import("./learning/Curated"));

export default function Knowledge() {
  const t = useTranslations("knowledge");
  const path = usePath();
  const mayWrite = useMay("WRITE_KNOWLEDGE");
  const mayLearn = useMay("READ_ASSISTANT");
  const items = [
    { to: "/knowledge/articles", label: t("articles.title") },
    { to: "/knowledge/try", label: t("try.title") },
    ...(mayLearn ? [{ to: "/knowledge/gaps", label: t("gaps.title") }] : []),
    ...(mayLearn ? [{ to: "/knowledge/curated", label: t("curated.title") }] : []),
    ...(mayWrite ? [{ to: "/knowledge/import", label: t("import.title") }] : []),
    { to: "/knowledge/sources", label: t("sources.title") },
  ];
  return (
    <div className="flex h-full min-h-0 flex-col md:flex-row">
      <div className="shrink-0 border-line border-b md:w-48 md:overflow-y-auto md:border-e md:border-b-0">
        <SubNavigation label={t("title")} items={items} />
      </div>
      <div className="min-h-0 min-w-0 flex-1">
        <Boundary resetKey={path}>
          <Suspense fallback={<Skeleton className="p-8" lines={6} />}>
            <Switch>
              <Route path="/knowledge/try" component={Try} />
              <Route path="/knowledge/gaps" component={Gaps} />
              <Route path="/knowledge/curated" component={Curated} />
              <Route path="/knowledge/import" component={Import} />
              <Route path="/knowledge/sources" component={Sources} />
              <Route component={Articles} />
            </Switch>
          </Suspense>
        </Boundary>
      </div>
    </div>
  );
}
