/** The views of the inbox in the navigation, with how much is in each. */
import { Globe, ListFilter, type LucideIcon, Plus } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { graphql, readInlineData, useLazyLoadQuery } from "react-relay";
import { useTranslations } from "use-intl";
import type { ViewsQuery } from "~/__generated__/ViewsQuery.graphql";
import type { view_view$key } from "~/__generated__/view_view.graphql";
import { NavLink } from "~/app/navigation";
import { Button } from "~/components/Button";
import { cx } from "~/components/style";
import { placeOf } from "../place";
import { type Count, useCounts, useSystemCounts } from "./counts";
import { type SystemView, VIEWS } from "./system";
import { VIEW } from "./view";

const ViewDialog = lazy(() => import("./ViewDialog"));

interface ViewsProps {
  /** Somebody went to one of them. */
  readonly onGo: () => void;
}

export default function Views({ onGo }: ViewsProps) {
  const t = useTranslations("inbox.views");
  const [isMaking, setMaking] = useState(false);
  const { views } = useLazyLoadQuery<ViewsQuery>(
    graphql`
      query ViewsQuery {
        views {
          id
          ...view_view
        }
      }
    `,
    {},
    { fetchPolicy: "store-and-network" },
  );
  // A deleted one leaves a gap in the store's list until it is asked for anew.
  const saved = views.filter(Boolean).map((view) => readInlineData<view_view$key>(VIEW, view));
  const counts = useSystemCounts();
  useCounts();
  return (
    <>
      <ul aria-label={t("title")} className="mt-0.5 mb-2 flex flex-col gap-px">
        {(Object.keys(VIEWS) as SystemView[]).map((view) => (
          <Entry
            key={view}
            to={placeOf(view)}
            icon={VIEWS[view].icon}
            name={t(view)}
            count={counts.get(view)}
            onGo={onGo}
          />
        ))}
        {saved.map(({ id, name, isShared, conversationCount }) => (
          <Entry
            key={id}
            to={placeOf(id)}
            icon={isShared ? Globe : ListFilter}
            name={name}
            count={conversationCount}
            onGo={onGo}
          />
        ))}
        <li>
          <Button
            look="quiet"
            icon={Plus}
            onPress={() => setMaking(true)}
            className="w-full justify-start ps-4 text-xs"
          >
            {t("create")}
          </Button>
        </li>
      </ul>
      {isMaking && (
        <Suspense>
          <ViewDialog view={null} filter={VIEWS.open.filter} order="ACTIVITY" onClose={() => setMaking(false)} />
        </Suspense>
      )}
    </>
  );
}

interface EntryProps extends ViewsProps {
  readonly to: string;
  readonly icon: LucideIcon;
  readonly name: string;
  readonly count?: Count | null;
}

function Entry({ to, icon: Icon, name, count, onGo }: EntryProps) {
  const t = useTranslations("inbox.views");
  return (
    <li>
      <NavLink
        to={to}
        onClick={onGo}
        className={(isActive) =>
          cx(
            "flex min-h-7 items-center gap-2 rounded-md ps-4 pe-2 text-sm",
            isActive ? "bg-pressed font-medium text-ink" : "text-ink-muted hover:bg-hover hover:text-ink",
          )
        }
      >
        <Icon size={14} aria-hidden className="shrink-0" />
        <span className="min-w-0 flex-1 truncate">{name}</span>
        {count && count.count > 0 && (
          <span className="text-ink-faint text-xs tabular-nums">
            <span aria-hidden>
              {count.count}
              {count.isCapped && "+"}
            </span>
            <span className="sr-only">{t(count.isCapped ? "countCapped" : "count", { count: count.count })}</span>
          </span>
        )}
      </NavLink>
    </li>
  );
}
