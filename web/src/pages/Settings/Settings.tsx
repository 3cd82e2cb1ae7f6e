/** The frame of the settings: their pages at the side. */
import { lazy, Suspense } from "react";
import { useTranslations } from "use-intl";
import { Redirect, Route, Switch, usePath } from "~/app/navigation";
import { Boundary, Skeleton } from "~/components/Feedback";
import { SubNavigation } from "~/components/Page";

const Tags = lazy(() => import("./Tags"));

export default function Settings() {
  const t = useTranslations();
  const path = usePath();
  const items = [{ to: "/settings/tags", label: t("tags.title") }];
  return (
    <div className="flex h-full min-h-0 flex-col md:flex-row">
      <div className="shrink-0 border-line border-b md:w-52 md:overflow-y-auto md:border-e md:border-b-0">
        <SubNavigation label={t("app.nav.settings")} items={items} />
      </div>
      <div className="min-h-0 min-w-0 flex-1">
        <Boundary resetKey={path}>
          <Suspense fallback={<Skeleton className="p-8" lines={6} />}>
            <Switch>
              <Route path="/settings/tags" component={Tags} />
              <Route>
                <Redirect to="/settings/tags" replace />
              </Route>
            </Switch>
          </Suspense>
        </Boundary>
      </div>
    </div>
  );
}
