/** Asking as a customer would: the chat itself, in a frame. */
import { MessageCircle } from "lucide-react";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { Button } from "~/components/Button";
import { Notice } from "~/components/Feedback";

interface AssistantProps {
  readonly inbox: string | undefined;
  readonly mayVisit: boolean;
}

export function Assistant({ inbox, mayVisit }: AssistantProps) {
  const t = useTranslations("start.assistant");
  const [isOpen, setOpen] = useState(false);
  if (!inbox) return <Notice>{t("noInbox")}</Notice>;
  if (!mayVisit) return <Notice>{t("noVisitors")}</Notice>;
  if (!isOpen) {
    return (
      <Button icon={MessageCircle} onPress={() => setOpen(true)}>
        {t("open")}
      </Button>
    );
  }
  return (
    <iframe
      title={t("frame")}
      src={`/widget?inbox=${encodeURIComponent(inbox)}`}
      className="h-140 w-full max-w-md rounded-lg border border-line"
    />
  );
}
