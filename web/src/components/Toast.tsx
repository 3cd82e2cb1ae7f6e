/** Words that appear at the edge and go again: what was done, what failed, how to take it back. */
import { Suspense, useState, useSyncExternalStore } from "react";
import { ToastQueue } from "react-stately/useToastState";
import { useTranslations } from "use-intl";
import { Refusal } from "~/changes";
import { NetworkError } from "~/graphql";
import { ToastBody } from "./floating/bodies";

export interface Message {
  readonly words: string;
  readonly isFailure?: boolean;
  readonly action?: { readonly label: string; readonly run: () => void };
}

const queue = new ToastQueue<Message>({ maxVisibleToasts: 3 });

/** Say that something was done; with an `action` it can be taken back. */
export function tell(words: string, action?: Message["action"]): void {
  queue.add({ words, action }, { timeout: action ? 8_000 : 4_000 });
}

/** Say why something failed, in the words of whoever refused. */
export function tellProblem(error: unknown, unreachable: string): void {
  const isUnreachable = error instanceof NetworkError && error.code === "UNREACHABLE";
  const words = isUnreachable || !(error instanceof Error) ? unreachable : wordsOf(error);
  queue.add({ words, isFailure: true }, { timeout: 8_000 });
}

function wordsOf(error: Error): string {
  return error instanceof Refusal ? error.rest.join(" ") || error.message : error.message;
}

/** A catcher for promises of event handlers: what goes wrong is told. */
export function useTellProblem(): (error: unknown) => void {
  const t = useTranslations("app.state");
  return (error) => tellProblem(error, t("unreachable"));
}

/** Where they appear. */
export function Toasts() {
  const isAny = useSyncExternalStore(
    (changed) => queue.subscribe(changed),
    () => queue.visibleToasts.length > 0,
  );
  const [isWanted, setWanted] = useState(isAny);
  if (isAny && !isWanted) setWanted(true);
  if (!isWanted) return null;
  return (
    <Suspense>
      <ToastBody queue={queue} />
    </Suspense>
  );
}
