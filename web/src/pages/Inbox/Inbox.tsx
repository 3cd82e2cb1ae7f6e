/** The inbox: a list of conversations, the one that is open, and what to know beside it. */
import { MessageSquare } from "lucide-react";
import { lazy, type ReactNode, Suspense } from "react";
import { useTranslations } from "use-intl";
import { Redirect } from "~/app/navigation";
import { Boundary, EmptyState, Skeleton } from "~/components/Feedback";
import { Columns } from "./Columns";
import { Pane } from "./Pane";
import { placeOf, usePlace } from "./place";
import { FIRST_VIEW } from "./views/system";

const Thread = lazy(() => import("./thread/Thread"));
const Panel = lazy(() => import("./panel/Panel"));

export default function Inbox() {
  const { view, conversation } = usePlace();
  if (!view) return <Redirect to={placeOf(FIRST_VIEW)} replace />;
  return (
    <Columns
      back={placeOf(view) + location.search}
      list={
        <Part id={view}>
          <Pane view={view} open={conversation} />
        </Part>
      }
      thread={
        conversation ? (
          <Part id={conversation}>
            <Thread id={conversation} />
          </Part>
        ) : (
          <Nothing />
        )
      }
      panel={
        conversation && (
          <Part id={conversation}>
            <Panel id={conversation} />
          </Part>
        )
      }
    />
  );
}

/** One column: what fails in it leaves the others alone. */
function Part({ id, children }: { readonly id: string; readonly children: ReactNode }) {
  return (
    <Boundary resetKey={id}>
      <Suspense key={id} fallback={<Skeleton className="p-6" lines={6} />}>
        {children}
      </Suspense>
    </Boundary>
  );
}

function Nothing() {
  const t = useTranslations("inbox");
  return (
    <div className="flex h-full items-center justify-center">
      <EmptyState icon={MessageSquare} title={t("nothingOpen")} hint={t("nothingOpenHint")} />
    </div>
  );
}
