/** The sheet that is open beside a conversation; fetched with the first one. */
import { useTranslations } from "use-intl";
import { Provenance } from "./Provenance";
import { Sheet } from "./Sheet";
import { Source } from "./Source";
import { Summary } from "./Summary";
import type { Opened } from "./sheets";

interface SheetsProps {
  readonly conversationId: string;
  readonly sheet: Opened;
  readonly onClose: () => void;
}

export default function Sheets({ conversationId, sheet, onClose }: SheetsProps) {
  const t = useTranslations("conversation");
  if (sheet.kind === "source")
    return (
      <Sheet title={sheet.source.title} onClose={onClose}>
        <Source source={sheet.source} />
      </Sheet>
    );
  if (sheet.kind === "provenance")
    return (
      <Sheet title={t("why.title")} onClose={onClose}>
        <Provenance messageId={sheet.messageId} />
      </Sheet>
    );
  return (
    <Sheet title={t("summary.title")} onClose={onClose}>
      <Summary id={conversationId} />
    </Sheet>
  );
}
