/** Words that appear at the edge and go again: what was done, what failed, how to take it back. */
import { X } from "lucide-react";
import {
  Button as AriaButton,
  UNSTABLE_Toast as AriaToast,
  Text,
  UNSTABLE_ToastContent as ToastContent,
  UNSTABLE_ToastQueue as ToastQueue,
  UNSTABLE_ToastRegion as ToastRegion,
} from "react-aria-components";
import { useTranslations } from "use-intl";
import { NetworkError } from "~/graphql";
import { IconButton } from "./Button";

interface Message {
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
  queue.add(
    { words: isUnreachable || !(error instanceof Error) ? unreachable : error.message, isFailure: true },
    { timeout: 8_000 },
  );
}

/** A catcher for promises of event handlers: what goes wrong is told. */
export function useTellProblem(): (error: unknown) => void {
  const t = useTranslations("app.state");
  return (error) => tellProblem(error, t("unreachable"));
}

export function Toasts() {
  const t = useTranslations("app.act");
  return (
    <ToastRegion queue={queue} className="fixed end-4 bottom-4 z-50 flex flex-col gap-2 outline-none">
      {({ toast }) => (
        <AriaToast
          toast={toast}
          className="flex max-w-sm animate-appear items-center gap-3 rounded-lg bg-ink px-4 py-2.5 text-canvas text-sm shadow-popup"
        >
          <ToastContent className="min-w-0 flex-1">
            <Text slot="title">{toast.content.words}</Text>
          </ToastContent>
          {toast.content.action && (
            <AriaButton
              className="font-semibold underline underline-offset-2"
              onPress={() => {
                toast.content.action?.run();
                queue.close(toast.key);
              }}
            >
              {toast.content.action.label}
            </AriaButton>
          )}
          <IconButton slot="close" icon={X} label={t("dismiss")} className="-me-2 text-canvas hover:bg-ink-muted" />
        </AriaToast>
      )}
    </ToastRegion>
  );
}
