/** Shows what is behind any number inside, once it is pressed. */
import { lazy, type ReactNode, Suspense, useState } from "react";
import { type Opened, Opening } from "./opening";

const Detail = lazy(() => import("./Detail"));

export function Explaining({ children }: { readonly children: ReactNode }) {
  const [opened, setOpened] = useState<Opened | null>(null);
  return (
    <Opening value={setOpened}>
      {children}
      {opened && (
        <Suspense>
          <Detail opened={opened} onClose={() => setOpened(null)} />
        </Suspense>
      )}
    </Opening>
  );
}
