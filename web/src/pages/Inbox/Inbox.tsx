/** The inbox: a list of conversations, the one that is open, and what to know beside it. */
import { lazy, Suspense } from "react";
import { useTranslations } from "use-intl";
import { Boundary, Skeleton } from "~/components/Feedback";
import { usePlace } from "./place";

const Thread = lazy(() => import("./thread/Thread"));
const Panel = lazy(() => import("./panel/Panel"));

export default function Inbox() {
  const t = useTranslations("app.nav");
  const { conversation } = usePlace();
  return (
    <div className="flex h-full min-w-0">
      <title>{`${t("inbox")} · Parley`}</title>
      <section aria-label={t("inbox")} className="w-96 shrink-0 border-line border-e bg-surface">
        <h1 className="px-4 py-3 font-semibold">{t("inbox")}</h1>
      </section>
      {conversation && (
        <Boundary resetKey={conversation}>
          <Suspense fallback={<Skeleton className="flex-1 p-8" lines={6} />}>
            <div className="min-w-0 flex-1">
              <Thread id={conversation} />
            </div>
          </Suspense>
          <Suspense fallback={<Skeleton className="w-80 p-4" />}>
            <aside className="w-80 shrink-0 border-line border-s bg-surface">
              <Panel id={conversation} />
            </aside>
          </Suspense>
        </Boundary>
      )}
    </div>
  );
}
