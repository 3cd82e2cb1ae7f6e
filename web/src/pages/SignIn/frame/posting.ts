/** Asking the sign-in routes from a page: what is under way, what went wrong in words, and going in at the end. */
import { useState } from "react";
import { useTranslations } from "use-intl";
import { useFreshStore } from "~/app/App";
import { useNavigate, useSearchParams } from "~/app/navigation";
import { post, SignInError } from "~/session";

interface Posting {
  /** The answer, or undefined when something went wrong, which `problem` tells. */
  readonly ask: <Answer>(path: string, body: object) => Promise<Answer | undefined>;
  readonly isBusy: boolean;
  /** An error of the network, or words. */
  readonly problem: unknown;
  /** What is wrong with one field. */
  readonly of: (field: string) => string | undefined;
}

export function usePosting(): Posting {
  const t = useTranslations("signIn.problems");
  const [error, setError] = useState<unknown>(null);
  const [isBusy, setBusy] = useState(false);
  const ask = async <Answer>(path: string, body: object): Promise<Answer | undefined> => {
    setBusy(true);
    setError(null);
    try {
      return await post<Answer>(path, body);
    } catch (failed) {
      setError(failed);
      return undefined;
    } finally {
      setBusy(false);
    }
  };
  return { ask, isBusy, problem: worded(error, t), of: (field) => fieldsOf(error)?.of(field) };
}

type Say = ReturnType<typeof useTranslations<"signIn.problems">>;

/** Waiting and wrong passwords are said in the reader's language; what is rare in the server's own words. */
function worded(error: unknown, t: Say): unknown {
  if (!(error instanceof SignInError)) return error;
  if (error.status === 429) return error.retryAfter ? t("wait", { seconds: error.retryAfter }) : t("waitSoon");
  if (error.code === "UNAUTHENTICATED") return error.message.startsWith("The code") ? t("wrongCode") : t("wrong");
  return error.fields.length > 0 ? null : error.message;
}

function fieldsOf(error: unknown): SignInError | undefined {
  return error instanceof SignInError ? error : undefined;
}

/** The path that somebody wanted to see; only one of ours. */
export function useDestination(): string {
  const [search] = useSearchParams();
  const next = search.get("next") ?? "/";
  return /^\/(?!\/|\\)/.test(next) ? next : "/";
}

/** Go in, to where somebody wanted to go. */
export function useEntrance(): () => void {
  const next = useDestination();
  const navigate = useNavigate();
  const fresh = useFreshStore();
  return () => {
    fresh();
    navigate(next, { replace: true });
  };
}

/** The token in the link of a mail. */
export function useToken(): string {
  const [search] = useSearchParams();
  return search.get("token") ?? "";
}
