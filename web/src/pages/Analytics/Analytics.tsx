/** The frame of the numbers: those pages that are the person's at the side, all about the same range and filters. */
import { Lock } from "lucide-react";
import { type ComponentType, lazy, Suspense } from "react";
import { useTranslations } from "use-intl";
import type { Permission } from "~/__generated__/viewerQuery.graphql";
import { Redirect, Route, Switch, usePath, useSearchParams } from "~/app/navigation";
import { useViewer } from "~/app/viewer";
import { Boundary, EmptyState, Skeleton } from "~/components/Feedback";
import { SubNavigation } from "~/components/Page";

type Name = "overview" | "now" | "people" | "answers" | "channels" | "exports" | "ratings";

interface Place {
  readonly name: Name;
  readonly needs: Permission;
  readonly component: ComponentType;
}

const PLACES: readonly Place[] = [
  { name: "overview", needs: "READ_ANALYTICS", component: lazy(() => import("./boards/Overview")) },
  { name: "now", needs: "READ_ANALYTICS", component: lazy(() => import("./now/Now")) },
  { name: "people", needs: "READ_ANALYTICS", component: lazy(() => import("./boards/People")) },
  { name: "answers", needs: "READ_ANALYTICS", component: lazy(() => import("./boards/Answers")) },
  { name: "channels", needs: "READ_ANALYTICS", component: lazy(() => import("./boards/Channels")) },
  { name: "exports", needs: "READ_ANALYTICS", component: lazy(() => import("./exports/Exports")) },
  { name: "ratings", needs: "READ_CONVERSATIONS", component: lazy(() => import("./ratings/Satisfaction")) },
];

export default function Analytics() {
  const t = useTranslations("analytics");
  const state = useTranslations("app.state");
  const path = usePath();
  const [search] = useSearchParams();
  const { grants } = useViewer();
  const places = PLACES.filter(({ needs }) => grants.some(({ permission }) => permission === needs));
  const asked = search.size > 0 ? `?${search}` : "";
  const items = places.map(({ name }) => ({ to: `/analytics/${name}`, search: asked, label: t(`places.${name}`) }));
  return (
    <div className="flex h-full min-h-0 flex-col md:flex-row">
      <div className="shrink-0 border-line border-b md:w-48 md:overflow-y-auto md:border-e md:border-b-0">
        <SubNavigation label={t("title")} items={items} />
      </div>
      <div className="min-h-0 min-w-0 flex-1">
        <Boundary resetKey={path}>
          <Suspense fallback={<Skeleton className="p-8" lines={6} />}>
            <Switch>
              {places.map(({ name, component }) => (
                <Route key={name} path={`/analytics/${name}`} component={component} />
              ))}
              <Route>
                {items[0] ? (
                  <Redirect to={`${items[0].to}${asked}`} replace />
                ) : (
                  <EmptyState icon={Lock} title={state("forbidden")} hint={state("forbiddenHint")} />
                )}
              </Route>
            </Switch>
          </Suspense>
        </Boundary>
      </div>
    </div>
  );
}
