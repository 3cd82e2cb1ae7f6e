/** Says when the server cannot be reached, and when it can again; quiet otherwise. */
import { WifiOff } from "lucide-react";
import { useEffect, useState, useSyncExternalStore } from "react";
import { useTranslations } from "use-intl";
import { transport } from "~/environment";

/** A moment without a connection is nobody's concern. */
const PATIENCE = 1_500;

export function ConnectionBanner() {
  const t = useTranslations("app.state");
  const connection = useSyncExternalStore(
    (changed) => transport.watch(changed),
    () => transport.connection,
  );
  const [isShown, setShown] = useState(false);
  useEffect(() => {
    if (connection === "connected") return setShown(false);
    const timer = setTimeout(() => setShown(true), PATIENCE);
    return () => clearTimeout(timer);
  }, [connection]);
  return (
    <div role="status">
      {isShown && connection !== "connected" && (
        <div className="flex items-center justify-center gap-2 bg-warning-soft px-4 py-1.5 text-sm text-warning">
          <WifiOff size={16} aria-hidden />
          {t(connection)}
        </div>
      )}
    </div>
  );
}
