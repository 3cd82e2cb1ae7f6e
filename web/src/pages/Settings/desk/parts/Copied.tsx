/** Something to be taken elsewhere: shown as it is, with a button that copies it. */
import { Check, Copy } from "lucide-react";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { IconButton } from "~/components/Button";

interface CopiedProps {
  readonly label: string;
  readonly text: string;
}

export function Copied({ label, text }: CopiedProps) {
  const t = useTranslations("app.act");
  const [isCopied, setCopied] = useState(false);
  const copy = (): void => {
    void navigator.clipboard.writeText(text).then(() => setCopied(true));
  };
  return (
    <div className="flex items-start gap-2 rounded-md border border-line bg-canvas py-1 ps-3 pe-1">
      <span className="sr-only">{label}</span>
      <code className="min-w-0 flex-1 self-center whitespace-pre-wrap font-mono text-xs [overflow-wrap:anywhere]">
        {text}
      </code>
      <IconButton icon={isCopied ? Check : Copy} label={t(isCopied ? "copied" : "copy")} onPress={copy} />
    </div>
  );
}
