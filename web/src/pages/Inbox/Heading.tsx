/** The head of the list: the view's name, its order, what narrows it, and what can be done with a saved one. */
import { ArrowDownWideNarrow, ListFilter, MoreHorizontal, Pencil, Save, Trash2, X } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { useTranslations } from "use-intl";
import { useNavigate } from "~/app/navigation";
import { useMay } from "~/app/viewer";
import { Button, IconButton } from "~/components/Button";
import { Menu, MenuItem } from "~/components/Menu";
import { type Filter, type Order, partsOf, toParams } from "./list/filter";
import { placeOf, usePlace } from "./place";
import type { Saved } from "./views/ViewDialog";

const FilterDialog = lazy(() => import("./views/FilterDialog"));
const ViewDialog = lazy(() => import("./views/ViewDialog"));
const DeleteView = lazy(() => import("./views/DeleteView"));

const ORDERS: readonly Order[] = ["ACTIVITY", "WAITING", "PRIORITY"];

interface HeadingProps {
  readonly title: string;
  readonly view: string;
  /** The view, if somebody saved it. */
  readonly saved: Saved | null;
  readonly filter: Filter;
  readonly order: Order;
  /** What the address asks for instead of what the view does. */
  readonly added: Filter | undefined;
}

export function Heading({ title, view, saved, filter, order, added }: HeadingProps) {
  const t = useTranslations("inbox");
  const mayManage = useMay("MANAGE_DESK");
  const { conversation } = usePlace();
  const navigate = useNavigate();
  const [open, setOpen] = useState<"filter" | "save" | "edit" | "delete" | null>(null);
  const show = (next: Filter | undefined, by: Order): void => {
    const params = toParams(next ?? {}, by);
    navigate(`${placeOf(view, conversation)}?${params}`);
  };
  const close = (): void => setOpen(null);
  const isMine = saved && (!saved.isShared || mayManage);
  return (
    <header className="shrink-0 border-line border-b">
      <div className="flex h-11 items-center ps-4 pe-1.5">
        <h1 className="min-w-0 flex-1 truncate font-semibold text-base">{title}</h1>
        <IconButton icon={ListFilter} label={t("filter.title")} onPress={() => setOpen("filter")} />
        <Menu
          label={t("order.title")}
          trigger={<IconButton icon={ArrowDownWideNarrow} label={t("order.now", { order: t(`order.${order}`) })} />}
        >
          {ORDERS.map((one) => (
            <MenuItem key={one} shortcut={one === order ? "✓" : undefined} onAction={() => show(added, one)}>
              {t(`order.${one}`)}
            </MenuItem>
          ))}
        </Menu>
        {isMine && (
          <Menu label={t("views.actions")} trigger={<IconButton icon={MoreHorizontal} label={t("views.actions")} />}>
            <MenuItem icon={Pencil} onAction={() => setOpen("edit")}>
              {t("views.change")}
            </MenuItem>
            <MenuItem icon={Trash2} isDanger onAction={() => setOpen("delete")}>
              {t("views.delete")}
            </MenuItem>
          </Menu>
        )}
      </div>
      {added && (
        <div className="flex items-center gap-1 ps-4 pe-1.5 pb-1.5 text-ink-muted text-xs">
          <span className="min-w-0 flex-1">{t("filter.count", { count: partsOf(added) })}</span>
          <Button look="quiet" icon={Save} onPress={() => setOpen("save")} className="px-2">
            {t("filter.save")}
          </Button>
          <Button look="quiet" icon={X} onPress={() => navigate(placeOf(view, conversation))} className="px-2">
            {t("filter.clear")}
          </Button>
        </div>
      )}
      <Suspense>
        {open === "filter" && <FilterDialog filter={filter} order={order} onShow={show} onClose={close} />}
        {open === "save" && <ViewDialog view={null} filter={filter} order={order} onClose={close} />}
        {open === "edit" && <ViewDialog view={saved} filter={filter} order={order} onClose={close} />}
        {open === "delete" && saved && <DeleteView view={saved} onClose={close} />}
      </Suspense>
    </header>
  );
}
