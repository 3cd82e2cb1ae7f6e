/** The head of the list: the view's name, its order, and what narrows it. */
import { ArrowDownWideNarrow, X } from "lucide-react";
import { useTranslations } from "use-intl";
import { useNavigate, useSearchParams } from "~/app/navigation";
import { Button, IconButton } from "~/components/Button";
import { Menu, MenuItem } from "~/components/Menu";
import { type Filter, type Order, partsOf } from "./list/filter";
import { placeOf, usePlace } from "./place";

const ORDERS: readonly Order[] = ["ACTIVITY", "WAITING", "PRIORITY"];

interface HeadingProps {
  readonly title: string;
  readonly view: string;
  readonly filter: Filter;
  readonly order: Order;
  /** What the address asks for beyond the view. */
  readonly added: Filter | undefined;
}

export function Heading({ title, view, order, added }: HeadingProps) {
  const t = useTranslations("inbox");
  const [, setParams] = useSearchParams();
  const { conversation } = usePlace();
  const navigate = useNavigate();
  const choose = (next: Order): void =>
    setParams((before) => {
      before.set("order", next);
      return before;
    });
  const count = added ? partsOf(added) : 0;
  return (
    <header className="shrink-0 border-line border-b">
      <div className="flex h-11 items-center gap-1 ps-4 pe-1.5">
        <h1 className="min-w-0 flex-1 truncate font-semibold text-base">{title}</h1>
        <Menu
          label={t("order.title")}
          trigger={<IconButton icon={ArrowDownWideNarrow} label={t("order.now", { order: t(`order.${order}`) })} />}
        >
          {ORDERS.map((one) => (
            <MenuItem key={one} shortcut={one === order ? "✓" : undefined} onAction={() => choose(one)}>
              {t(`order.${one}`)}
            </MenuItem>
          ))}
        </Menu>
      </div>
      {count > 0 && (
        <div className="flex items-center gap-1 px-4 pb-2 text-ink-muted text-xs">
          <span className="flex-1">{t("filter.count", { count })}</span>
          <Button look="quiet" icon={X} onPress={() => navigate(placeOf(view, conversation))}>
            {t("filter.clear")}
          </Button>
        </div>
      )}
    </header>
  );
}
