/** The frame of the assistant's pages: those that are the person's at the side. */
import { Lock } from "lucide-react";
import { type ComponentType, lazy, Suspense } from "react";
import { useTranslations } from "use-intl";
import type { Permission } from "~/__generated__/viewerQuery.graphql";
import { Redirect, Route, Switch, usePath } from "~/app/navigation";
import { useViewer } from "~/app/viewer";
import { Boundary, EmptyState, Skeleton } from "~/components/Feedback";
import { SubNavigation } from "~/components/Page";

type Name = "approvals" | "instructions" | "confidence" | "tools" | "mcp" | "suites" | "budgets" | "spending";

interface Place {
  readonly name: Name;
  readonly may: readonly Permission[];
  readonly component: ComponentType;
}

const PLACES: readonly Place[] = [
  {
    name: "approvals",
    may: ["READ_ASSISTANT", "APPROVE_ACTIONS"],
    component: lazy(() => import("./approvals/Approvals")),
  },
  { name: "instructions", may: ["READ_ASSISTANT"], component: lazy(() => import("./prompts/Instructions")) },
  {
    name: "confidence",
    may: ["MANAGE_ORGANIZATION"],
    component: lazy(() => import("./confidence/Confidence")),
  },
  { name: "tools", may: ["READ_ASSISTANT"], component: lazy(() => import("./tools/Tools")) },
  { name: "suites", may: ["READ_ASSISTANT"], component: lazy(() => import("./suites/Suites")) },
  { name: "budgets", may: ["READ_ASSISTANT"], component: lazy(() => import("./budgets/Budgets")) },
  { name: "spending", may: ["READ_ASSISTANT"], component: lazy(() => import("./budgets/Spending")) },
  { name: "mcp", may: ["READ_ASSISTANT"], component: lazy(() => import("./tools/McpServers")) },
];

export default function Assistant() {
  const t = useTranslations("assistant");
  const state = useTranslations("app.state");
  const path = usePath();
  const { grants } = useViewer();
  const mine = new Set(grants.map((grant) => grant.permission));
  const places = PLACES.filter((place) => place.may.every((permission) => mine.has(permission)));
  const items = places.map(({ name }) => ({ to: `/assistant/${name}`, label: t(`places.${name}`) }));
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
                <Route key={name} path={`/assistant/${name}/*?`} component={component} />
              ))}
              <Route>
                {items[0] ? (
                  <Redirect to={items[0].to} replace />
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
