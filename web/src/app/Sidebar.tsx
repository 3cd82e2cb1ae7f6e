/** The navigation of the console: where the person can go, what they were told, whether they take conversations. */
import { Search, X } from "lucide-react";
import { lazy, Suspense } from "react";
import { useTranslations } from "use-intl";
import { IconButton } from "~/components/Button";
import { Boundary } from "~/components/Feedback";
import { cx } from "~/components/style";
import { Words } from "~/preferences";
import { AccountMenu } from "./account/AccountMenu";
import { Bell } from "./bell/Bell";
import { NavLink, usePath } from "./navigation";
import { Availability } from "./offers/Availability";
import { usePlaces } from "./places";
import { useMay, type Viewer } from "./viewer";

const Views = lazy(() => import("~/pages/Inbox/views/Views"));

interface SidebarProps {
  readonly viewer: Viewer;
  /** On a phone it lies over the page. */
  readonly isOpen: boolean;
  readonly isNarrow: boolean;
  readonly onClose: () => void;
  readonly onSearch: () => void;
}

export function Sidebar({ viewer, isOpen, isNarrow, onClose, onSearch }: SidebarProps) {
  const t = useTranslations("app");
  const mayReply = useMay("REPLY_TO_CONVERSATIONS");
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
      <header
        className={cx(
          "z-30 flex w-56 shrink-0 flex-col border-line border-e bg-canvas max-md:fixed max-md:inset-y-0 max-md:start-0 max-md:w-72 max-md:shadow-popup",
          !isOpen && "max-md:hidden",
        )}
      >
        <div className="flex items-center gap-0.5 py-2.5 ps-4 pe-2">
          <img src="/icon.svg" alt="" className="me-2 size-6" />
          <span className="min-w-0 flex-1 truncate font-semibold">{viewer.organization?.name}</span>
          {!isNarrow && (
            <>
              <IconButton icon={Search} label={t("go.palette")} onPress={onSearch} />
              <Quietly>
                <Bell />
              </Quietly>
            </>
          )}
          <IconButton icon={X} label={t("nav.close")} onPress={onClose} className="md:hidden" />
        </div>
        <nav aria-label={t("nav.main")} className="flex-1 overflow-y-auto px-2">
          <Places onGo={onClose} />
        </nav>
        {mayReply && (
          <Quietly>
            <Availability />
          </Quietly>
        )}
        <AccountMenu viewer={viewer} />
      </header>
    </>
  );
}

/** Parts of the frame that nobody waits for: what fails in them leaves the page alone. */
export function Quietly({ children }: { readonly children: React.ReactNode }) {
  return (
    <Boundary isSilent>
      <Suspense>{children}</Suspense>
    </Boundary>
  );
}

function Places({ onGo }: { readonly onGo: () => void }) {
  const t = useTranslations("app.nav");
  const path = usePath();
  return (
    <ul className="flex flex-col gap-0.5">
      {usePlaces().map(({ to, icon: Icon, name }) => (
        <li key={to}>
          <NavLink
            to={to}
            onClick={onGo}
            className={(isActive) =>
              cx(
                "flex min-h-8 items-center gap-2.5 rounded-md px-2 text-sm",
                isActive && name !== "inbox" && "bg-pressed",
                isActive ? "font-medium text-ink" : "text-ink-muted hover:bg-hover hover:text-ink",
              )
            }
          >
            <Icon size={16} aria-hidden />
            {t(name)}
          </NavLink>
          {name === "inbox" && path.startsWith("/inbox") && (
            <Quietly>
              <Words areas={["inbox"]}>
                <Views onGo={onGo} />
              </Words>
            </Quietly>
          )}
        </li>
      ))}
    </ul>
  );
}
