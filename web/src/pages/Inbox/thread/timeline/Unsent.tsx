/** What one has said and the server does not know of yet: it stands where it will be, and says how far it is. */
import { AlertCircle, Clock3 } from "lucide-react";
import { useTranslations } from "use-intl";
import { useViewer } from "~/app/viewer";
import { Button } from "~/components/Button";
import type { Outgoing } from "../composer/sending/outbox";
import { Bubble } from "./message/Bubble";
import { Mentioning } from "./message/Mentioning";

interface UnsentProps {
  readonly item: Outgoing;
  readonly onRetry: (item: Outgoing) => void;
  readonly onEdit: (item: Outgoing) => void;
}

export function Unsent({ item, onRetry, onEdit }: UnsentProps) {
  const t = useTranslations("composer.unsent");
  const name = useViewer().agent?.name ?? "";
  const failed = (
    <div role="alert" className="mt-1 flex flex-wrap items-center justify-end gap-x-2 gap-y-1 text-danger text-xs">
      <span className="min-w-0 [overflow-wrap:anywhere]">
        <AlertCircle size={14} aria-hidden className="me-1 inline align-text-bottom" />
        {item.problem || t("failed")}
      </span>
      <Button size="small" onPress={() => onRetry(item)}>
        {t("retry")}
      </Button>
      <Button look="quiet" size="small" onPress={() => onEdit(item)}>
        {t("edit")}
      </Button>
    </div>
  );
  const sending = (
    <p role="status" className="mt-1 flex items-center gap-1 text-ink-faint text-xs">
      <Clock3 size={12} aria-hidden />
      {t("sending")}
    </p>
  );
  return (
    <li data-unsent={item.state}>
      <Bubble
        side={item.kind === "note" ? "note" : "agent"}
        name={name}
        isFirst
        footer={item.state === "failed" ? failed : sending}
      >
        <Mentioning text={item.text} names={item.mentions.map((agent) => agent.name)} />
        {item.files.length > 0 && (
          <p className="mt-1 text-ink-muted text-xs">{item.files.map((file) => file.name).join(", ")}</p>
        )}
      </Bubble>
    </li>
  );
}
