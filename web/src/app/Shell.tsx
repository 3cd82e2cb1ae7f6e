/** The frame of the console: navigation at the side, the page beside it, and what the connection is like above. */
import { Menu as MenuIcon, Search } from "lucide-react";
import { lazy, type ReactNode, Suspense, useState, useSyncExternalStore } from "react";
import { useTranslations } from "use-intl";
import { IconButton } from "~/components/Button";
import { Boundary, Skeleton } from "~/components/Feedback";
import { Words } from "~/preferences";
import { Bell } from "./bell/Bell";
import { ConnectionBanner } from "./ConnectionBanner";
import { CommandsProvider, useCommands } from "./commands";
import { Redirect, useNavigate, usePath } from "./navigation";
import { Offers } from "./offers/Offers";
import { usePlaces } from "./places";
import { Quietly, Sidebar } from "./Sidebar";
import { Unsent } from "./Unsent";
import { useMay, useViewer, type Viewer } from "./viewer";

const Palette = lazy(() => import("./palette/Palette"));
const Shortcuts = lazy(() => import("./palette/Shortcuts"));

type Overlay = "palette" | "shortcuts";

export function Shell({ children }: { readonly children: ReactNode }) {
  const viewer = useViewer();
  const path = usePath();
  if (!viewer.agent) return <Redirect to={`/sign-in?next=${encodeURIComponent(path + location.search)}`} replace />;
  return (
    <CommandsProvider>
      <Frame viewer={viewer}>{children}</Frame>
    </CommandsProvider>
  );
}

function Frame({ viewer, children }: { readonly viewer: Viewer; readonly children: ReactNode }) {
  const t = useTranslations("app");
  const path = usePath();
  const mayReply = useMay("REPLY_TO_CONVERSATIONS");
  const isNarrow = useNarrow();
  const [isOpen, setOpen] = useState(false);
  const [overlay, setOverlay] = useState<Overlay | null>(null);
  useGeneralCommands(setOverlay);
  const close = (): void => setOverlay(null);
  return (
    <div className="flex h-dvh flex-col">
      <a href="#page" className="sr-only focus:not-sr-only focus:absolute focus:z-50 focus:bg-surface focus:p-2">
        {t("nav.skip")}
      </a>
      <ConnectionBanner />
      <div className="flex min-h-0 flex-1">
        <Sidebar
          viewer={viewer}
          isOpen={isOpen}
          isNarrow={isNarrow}
          onClose={() => setOpen(false)}
          onSearch={() => setOverlay("palette")}
        />
        <div className="flex min-w-0 flex-1 flex-col">
          <header className="flex items-center gap-1 border-line border-b px-2 py-1 md:hidden">
            <IconButton icon={MenuIcon} label={t("nav.open")} onPress={() => setOpen(true)} />
            <span className="flex-1 truncate font-semibold">{viewer.organization?.name}</span>
            <IconButton icon={Search} label={t("go.palette")} onPress={() => setOverlay("palette")} />
            {isNarrow && (
              <Quietly>
                <Bell />
              </Quietly>
            )}
          </header>
          <main id="page" tabIndex={-1} className="min-h-0 flex-1 outline-none">
            <Boundary resetKey={path}>
              <Suspense fallback={<Skeleton className="p-8" lines={6} />}>{children}</Suspense>
            </Boundary>
          </main>
        </div>
      </div>
      {mayReply && (
        <>
          <Quietly>
            <Offers />
          </Quietly>
          <Quietly>
            <Unsent />
          </Quietly>
        </>
      )}
      {overlay && (
        <Suspense>
          <Words areas={["palette"]}>
            {overlay === "palette" ? <Palette onClose={close} /> : <Shortcuts onClose={close} />}
          </Words>
        </Suspense>
      )}
    </div>
  );
}

/** What can be done everywhere: open the palette, see the keys, go to an area. */
function useGeneralCommands(show: (overlay: Overlay) => void): void {
  const t = useTranslations("app");
  const navigate = useNavigate();
  const places = usePlaces();
  const general = t("go.general");
  useCommands([
    { id: "palette", title: t("go.palette"), group: general, keys: "mod+k", icon: Search, run: () => show("palette") },
    { id: "shortcuts", title: t("go.shortcuts"), group: general, keys: "?", run: () => show("shortcuts") },
    { id: "search", title: t("go.search"), group: general, keys: "/", icon: Search, run: () => navigate("/search") },
    ...places.map(({ to, icon, name, keys }) => ({
      id: `go.${name}`,
      title: t(`nav.${name}`),
      group: t("go.group"),
      keys,
      icon,
      run: () => navigate(to),
    })),
  ]);
}

const NARROW = matchMedia("(max-width: 47.99rem)");

/** Whether the navigation lies over the page, rather than beside it. */
function useNarrow(): boolean {
  return useSyncExternalStore(
    (changed) => {
      NARROW.addEventListener("change", changed);
      return () => NARROW.removeEventListener("change", changed);
    },
    () => NARROW.matches,
  );
}
