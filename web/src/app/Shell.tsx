/** The frame of the console: navigation at the side, the page beside it, and what the connection is like above. */

import { Menu as MenuIcon } from "lucide-react";
import { type ReactNode, Suspense, useState } from "react";
import { useTranslations } from "use-intl";
import { IconButton } from "~/components/Button";
import { Boundary, Skeleton } from "~/components/Feedback";
import { cx } from "~/components/style";
import { ConnectionBanner } from "./ConnectionBanner";
import { CommandsProvider } from "./commands";
import { Redirect, usePath } from "./navigation";
import { Sidebar } from "./Sidebar";
import { useViewer } from "./viewer";

export function Shell({ children }: { readonly children: ReactNode }) {
  const t = useTranslations("app");
  const viewer = useViewer();
  const path = usePath();
  const [isOpen, setOpen] = useState(false);
  if (!viewer.agent) return <Redirect to={`/sign-in?next=${encodeURIComponent(path + location.search)}`} replace />;
  return (
    <CommandsProvider>
      <div className="flex h-dvh flex-col">
        <a href="#page" className="sr-only focus:not-sr-only focus:absolute focus:z-50 focus:bg-surface focus:p-2">
          {t("nav.skip")}
        </a>
        <ConnectionBanner />
        <div className="flex min-h-0 flex-1">
          <Sidebar viewer={viewer} isOpen={isOpen} onClose={() => setOpen(false)} />
          <div className="flex min-w-0 flex-1 flex-col">
            <div className={cx("flex items-center gap-2 border-line border-b px-2 py-1 md:hidden")}>
              <IconButton icon={MenuIcon} label={t("nav.open")} onPress={() => setOpen(true)} />
              <span className="font-semibold">{t("name")}</span>
            </div>
            <main id="page" tabIndex={-1} className="min-h-0 flex-1 outline-none">
              <Boundary resetKey={path}>
                <Suspense fallback={<Skeleton className="p-8" lines={6} />}>{children}</Suspense>
              </Boundary>
            </main>
          </div>
        </div>
      </div>
    </CommandsProvider>
  );
}
