/** The frame of a dashboard: what is asked above, numbers below, and the definition of each over them. */
import { BarChart3 } from "lucide-react";
import { type ReactNode, Suspense } from "react";
import { useTranslations } from "use-intl";
import { Boundary, EmptyState, Skeleton } from "~/components/Feedback";
import { Page } from "~/components/Page";
import { cx } from "~/components/style";
import { type Asked, useAsked } from "./asking/input";
import { Toolbar } from "./asking/Toolbar";
import { Explaining } from "./detail/Explaining";
import type { Answer } from "./figures/answer";
import { Fresh } from "./figures/Fresh";

interface BoardProps {
  readonly title: string;
  readonly about: string;
  readonly actions?: ReactNode;
  readonly children: (asked: Asked) => ReactNode;
}

export function Board({ title, about, actions, children }: BoardProps) {
  const [asked, isStale] = useAsked();
  return (
    <Explaining>
      <Page title={title} about={about} actions={actions} width="wide">
        <Toolbar />
        <Boundary resetKey={JSON.stringify(asked.question)}>
          <Suspense fallback={<Skeleton lines={8} />}>
            <div aria-busy={isStale} className={cx("flex flex-col gap-6 transition-opacity", isStale && "opacity-60")}>
              {children(asked)}
            </div>
          </Suspense>
        </Boundary>
      </Page>
    </Explaining>
  );
}

/** Where nothing was counted: it may not have been counted yet. */
export function Nothing({ freshness }: { readonly freshness: Answer["freshness"] }) {
  const t = useTranslations("analytics.empty");
  return (
    <>
      <EmptyState icon={BarChart3} title={t("title")} hint={t("hint")} />
      <Fresh of={freshness} />
    </>
  );
}
