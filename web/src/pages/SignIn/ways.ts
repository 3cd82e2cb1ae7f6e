/** How the people of an organization may sign in, as far as a page may know before anybody has. */
import { useEffect, useState } from "react";
import { useSearchParams } from "~/app/navigation";
import { get } from "~/session";

export interface Ways {
  readonly password: boolean;
  readonly sign_up: boolean;
  readonly providers: readonly { readonly id: string; readonly name: string }[];
}

/** Until the server has answered, and when it does not. */
const USUAL: Ways = { password: true, sign_up: false, providers: [] };
/** The organization whose own sign-in was used here last. */
const KEPT = "parley.organization";

interface Found {
  readonly ways: Ways;
  /** Ask for another organization; gives whether it has a sign-in of its own. */
  readonly find: (slug: string) => Promise<boolean>;
  /** Offer what is offered to who names no organization. */
  readonly forget: () => void;
}

/** The ways of the organization in the address, or of the one that was used here last. */
export function useWays(): Found {
  const [search] = useSearchParams();
  const named = search.get("organization");
  const [slug, setSlug] = useState(() => named ?? localStorage.getItem(KEPT) ?? "");
  const [ways, setWays] = useState<Ways>(USUAL);
  useEffect(() => {
    let isWanted = true;
    const put = (found: Ways): void => {
      if (isWanted) setWays(found);
    };
    waysOf(slug).then(put, () => put(USUAL));
    return () => {
      isWanted = false;
    };
  }, [slug]);
  const find = async (wanted: string): Promise<boolean> => {
    const found = await waysOf(wanted);
    if (found.providers.length === 0) return false;
    localStorage.setItem(KEPT, wanted);
    setSlug(wanted);
    return true;
  };
  const forget = (): void => {
    localStorage.removeItem(KEPT);
    setSlug("");
  };
  return { ways, find, forget };
}

function waysOf(slug: string): Promise<Ways> {
  return get(`/auth/ways${slug ? `?organization=${encodeURIComponent(slug)}` : ""}`);
}
