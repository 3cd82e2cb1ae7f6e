/** The organizations in which somebody works, and going on in another of them. */
import { useRef, useState } from "react";
import { useTellProblem } from "~/components/Toast";
import { get, post } from "~/session";

interface Organization {
  readonly slug: string;
  readonly name: string;
}

interface Organizations {
  readonly organizations: readonly Organization[];
  /** Ask for them, once: few belong to several, so nobody waits for it. */
  look(): void;
  /** Go on in another one; the page begins anew, so that nothing of the one before is left in it. */
  go(slug: string): void;
}

export function useOrganizations(): Organizations {
  const tellProblem = useTellProblem();
  const [organizations, setOrganizations] = useState<readonly Organization[]>([]);
  const isAsked = useRef(false);
  const look = (): void => {
    if (isAsked.current) return;
    isAsked.current = true;
    get<{ organizations: readonly Organization[] }>("/auth/organizations").then(
      (found) => setOrganizations(found.organizations),
      () => {
        isAsked.current = false;
      },
    );
  };
  const go = (slug: string): void => {
    post("/auth/switch", { organization: slug }).then(() => location.assign("/"), tellProblem);
  };
  return { organizations, look, go };
}
