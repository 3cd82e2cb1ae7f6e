/** What was said and has not arrived, in whatever conversation: it goes out from wherever one is. */
import { lazy, Suspense, useEffect, useState } from "react";
import { transport } from "~/environment";
import { fetchOnIntent } from "~/intent";
import { unsentIn } from "~/pages/Inbox/thread/composer/sending/outbox";
import { usePath } from "./navigation";

const fetchResuming = () => import("~/pages/Inbox/thread/composer/sending/Resuming");
const Resuming = lazy(fetchResuming);
fetchOnIntent(fetchResuming); // without a network it would be too late

export function Unsent() {
  const path = usePath();
  const [ids, setIds] = useState<readonly string[]>([]);
  useEffect(() => {
    // The one that is open sends its own, and asks where others were quicker.
    const isOpen = (id: string): boolean => path.includes(id) || path.includes(encodeURIComponent(id));
    const look = (): void => setIds(unsentIn().filter((id) => !isOpen(id)));
    if (transport.connection === "connected") look();
    return transport.watch((connection) => connection === "connected" && look());
  }, [path]);
  if (ids.length === 0) return null;
  return (
    <Suspense>
      <Resuming ids={ids} />
    </Suspense>
  );
}
