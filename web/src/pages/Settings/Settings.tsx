/** The frame of the settings: those pages that are the person's at the side. */
import { Lock } from "lucide-react";
import { Suspense } from "react";
import { useTranslations } from "use-intl";
import { Redirect, Route, Switch, usePath } from "~/app/navigation";
import { useViewer } from "~/app/viewer";
import { Boundary, EmptyState, Skeleton } from "~/components/Feedback";
import { SubNavigation } from "~/components/Page";
import { useDeskPlaces } from "./desk/places";
import { usePeoplePlaces } from "./people/places";
import { GROUPS } from "./place";

export default function Settings() {
  const t = useTranslations("app.nav");
  const groups = useTranslations("people.groups");
  const path = usePath();
  const { grants } = useViewer();
  const places = [...usePeoplePlaces(), ...useDeskPlaces()].filter((place) =>
    grants.some((grant) => grant.permission === place.may),
  );
  const items = GROUPS.flatMap((group) =>
    places
      .filter((place) => place.group === group)
      .map((place) => ({ to: `/settings/${place.path}`, label: place.title, group: groups(group) })),
  );
  return (
    <div className="flex h-full min-h-0 flex-col md:flex-row">
      <div className="shrink-0 border-line border-b md:w-52 md:overflow-y-auto md:border-e md:border-b-0">
        <SubNavigation label={t("settings")} items={items} />
      </div>
      <div className="min-h-0 min-w-0 flex-1">
        <Boundary resetKey={path}>
          <Suspense fallback={<Skeleton className="p-8" lines={6} />}>
            <Switch>
              {places.map((place) => (
                <Route key={place.path} path={`/settings/${place.path}/*?`} component={place.component} />
              ))}
              <Route>{items[0] ? <Redirect to={items[0].to} replace /> : <Nothing />}</Route>
            </Switch>
          </Suspense>
        </Boundary>
      </div>
    </div>
  );
}

/** For who may read the organization and change none of it. */
function Nothing() {
  const t = useTranslations("app.state");
  return <EmptyState icon={Lock} title={t("forbidden")} hint={t("forbiddenHint")} />;
}
