/** Words that appear at the edge, as they appear. */
import { X } from "lucide-react";
import {
  Button as AriaButton,
  UNSTABLE_Toast as AriaToast,
  Text,
  UNSTABLE_ToastContent as ToastContent,
  UNSTABLE_ToastRegion as ToastRegion,
} from "react-aria-components";
import type { ToastQueue } from "react-stately/useToastState";
import { useTranslations } from "use-intl";
import { IconButton } from "../Button";
import type { Message } from "../Toast";

export default function ToastBody({ queue }: { readonly queue: ToastQueue<Message> }) {
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
