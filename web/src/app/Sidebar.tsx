/** The navigation of the console: areas that are the person's, and their account beneath. */
import { BarChart3, BookOpen, Bot, Inbox, ListOrdered, type LucideIcon, Settings, Users, X } from "lucide-react";
import { useTranslations } from "use-intl";
import { IconButton } from "~/components/Button";
import { cx } from "~/components/style";
import { AccountMenu } from "./AccountMenu";
import { NavLink } from "./navigation";
import { useMay, type Viewer } from "./viewer";

interface Area {
  readonly to: string;
  readonly icon: LucideIcon;
  readonly name: "inbox" | "queue" | "customers" | "knowledge" | "assistant" | "analytics" | "settings";
}

interface SidebarProps {
  readonly viewer: Viewer;
  /** On a phone it lies over the page. */
  readonly isOpen: boolean;
  readonly onClose: () => void;
}

export function Sidebar({ viewer, isOpen, onClose }: SidebarProps) {
  const t = useTranslations("app.nav");
  return (
    <>
      {isOpen && (
        <button
          type="button"
          tabIndex={-1}
          aria-hidden
          className="fixed inset-0 z-20 bg-black/40 md:hidden"
          onClick={onClose}
        />
      )}
      <div
        className={cx(
          "z-30 flex w-56 shrink-0 flex-col border-line border-e bg-canvas max-md:fixed max-md:inset-y-0 max-md:start-0 max-md:shadow-popup",
          !isOpen && "max-md:hidden",
        )}
      >
        <div className="flex items-center gap-2 px-4 pt-4 pb-3">
          <img src="/icon.svg" alt="" className="size-6" />
          <span className="min-w-0 flex-1 truncate font-semibold">{viewer.organization?.name}</span>
          <IconButton icon={X} label={t("close")} onPress={onClose} className="md:hidden" />
        </div>
        <nav aria-label={t("main")} className="flex-1 overflow-y-auto px-2">
          <Areas onGo={onClose} />
        </nav>
        <AccountMenu viewer={viewer} />
      </div>
    </>
  );
}

function Areas({ onGo }: { readonly onGo: () => void }) {
  const t = useTranslations("app.nav");
  return (
    <ul className="flex flex-col gap-0.5">
      {useAreas().map(({ to, icon: Icon, name }) => (
        <li key={to}>
          <NavLink
            to={to}
            onClick={onGo}
            className={(isActive) =>
              cx(
                "flex min-h-8 items-center gap-2.5 rounded-md px-2 text-sm",
                isActive ? "bg-pressed font-medium text-ink" : "text-ink-muted hover:bg-hover hover:text-ink",
              )
            }
          >
            <Icon size={16} aria-hidden />
            {t(name)}
          </NavLink>
        </li>
      ))}
    </ul>
  );
}

function useAreas(): readonly Area[] {
  const area = (may: boolean, to: string, icon: LucideIcon, name: Area["name"]): Area[] =>
    may ? [{ to, icon, name }] : [];
  return [
    ...area(useMay("READ_CONVERSATIONS"), "/inbox", Inbox, "inbox"),
    ...area(useMay("REPLY_TO_CONVERSATIONS"), "/queue", ListOrdered, "queue"),
    ...area(useMay("READ_CUSTOMERS"), "/customers", Users, "customers"),
    ...area(useMay("READ_INTERNAL_KNOWLEDGE"), "/knowledge", BookOpen, "knowledge"),
    ...area(useMay("READ_ASSISTANT"), "/assistant", Bot, "assistant"),
    ...area(useMay("READ_ANALYTICS"), "/analytics", BarChart3, "analytics"),
    ...area(useMay("READ_ORGANIZATION"), "/settings", Settings, "settings"),
  ];
}
