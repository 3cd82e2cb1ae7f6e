/** Around all pages: the store of what was read, links of the kept components, and words that appear at the edge. */
import { createContext, Suspense, use, useCallback, useEffect, useState } from "react";
import { RouterProvider as AriaLinks } from "react-aria-components";
import { RelayEnvironmentProvider } from "react-relay";
import { Boundary, Skeleton } from "~/components/Feedback";
import { Toasts } from "~/components/Toast";
import { createEnvironment } from "~/environment";
import { Routes } from "~/routes";
import { session } from "~/session";
import { useNavigate } from "./navigation";

const Renewal = createContext<() => void>(() => {});

/** Forget all that was read: for when somebody signs in or out, or goes to another organization. */
export function useFreshStore(): () => void {
  return use(Renewal);
}

export function App() {
  const [environment, setEnvironment] = useState(createEnvironment);
  const navigate = useNavigate();
  const fresh = useCallback(() => setEnvironment(createEnvironment()), []);
  useEffect(() => {
    session.onSignedOut = () => {
      const next = encodeURIComponent(location.pathname + location.search);
      if (!location.pathname.startsWith("/sign-in")) navigate(`/sign-in?next=${next}`, { replace: true });
    };
  }, [navigate]);
  return (
    <RelayEnvironmentProvider environment={environment}>
      <AriaLinks navigate={navigate}>
        <Renewal value={fresh}>
          <Boundary>
            <Suspense fallback={<Skeleton className="p-8" lines={6} />}>
              <Routes />
            </Suspense>
          </Boundary>
          <Toasts />
        </Renewal>
      </AriaLinks>
    </RelayEnvironmentProvider>
  );
}
