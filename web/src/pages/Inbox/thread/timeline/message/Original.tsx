/** Everything that stood in a mail, quotes and signature included, for who wants to see it. */
import { useState } from "react";
import { Button } from "react-aria-components";
import { useTranslations } from "use-intl";

export function Original({ text }: { readonly text: string }) {
  const t = useTranslations("conversation.message");
  const [isOpen, setOpen] = useState(false);
  return (
    <div className="mt-2">
      <Button
        aria-expanded={isOpen}
        onPress={() => setOpen(!isOpen)}
        className="min-h-6 rounded text-ink-muted text-xs underline underline-offset-2 hover:text-ink"
      >
        {t(isOpen ? "hideOriginal" : "showOriginal")}
      </Button>
      {isOpen && (
        <p className="mt-1 whitespace-pre-wrap border-line border-s-2 ps-3 text-ink-muted [overflow-wrap:anywhere]">
          {text}
        </p>
      )}
    </div>
  );
}
