/** The inbox: a list of conversations, the one that is open, and what to know beside it. */
import { MessageSquare } from "lucide-react";
import { lazy, type ReactNode, Suspense } from "react";
import { useTranslations } from "use-intl";
import { Redirect } from "~/app/navigation";
import { Boundary, EmptyState, Skeleton } from "~/components/Feedback";
import type { Area } from "~/messages";
import { Words } from "~/preferences";
import { Columns } from "./Columns";
import { Pane } from "./Pane";
import { placeOf, usePlace } from "./place";
import { FIRST_VIEW } from "./views/system";

const Thread = lazy(() => import("./thread/Thread"));
const Panel = lazy(() => import("./panel/Panel"));

const CONVERSATION: readonly Area[] = ["conversation", "composer", "panel"];

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
          <Part id={conversation} areas={CONVERSATION}>
            <Thread id={conversation} />
          </Part>
        ) : (
          <Nothing />
        )
      }
      panel={
        conversation && (
          <Part id={conversation} areas={CONVERSATION}>
            <Panel id={conversation} />
          </Part>
        )
      }
    />
  );
}

interface PartProps {
  /** Another one begins anew. */
  readonly id: string;
  /** The words that it says beyond those of the inbox. */
  readonly areas?: readonly Area[];
  readonly children: ReactNode;
}

/** One column: what fails in it leaves the others alone. */
function Part({ id, areas = [], children }: PartProps) {
  return (
    <Boundary resetKey={id}>
      <Suspense key={id} fallback={<Skeleton className="p-6" lines={6} />}>
        <Words areas={areas}>{children}</Words>
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
