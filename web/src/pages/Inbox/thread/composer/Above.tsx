/** What one should know before one sends: what others said meanwhile, what the assistant wrote, which files go along. */
import { Paperclip, Sparkles, X } from "lucide-react";
import { useFormatter, useTranslations } from "use-intl";
import { Button, IconButton } from "~/components/Button";
import { Notice } from "~/components/Feedback";
import { cx } from "~/components/style";
import { Cited } from "../timeline/message/Answer";
import type { Assist } from "./assist";
import type { Attaching } from "./attaching";
import type { MovedOn } from "./sending/useDelivery";

interface MovedOnNoticeProps {
  readonly movedOn: MovedOn;
  readonly onSend: () => void;
  readonly onEdit: () => void;
}

/** Somebody was quicker: their words, one's own, and the choice. */
export function MovedOnNotice({ movedOn, onSend, onEdit }: MovedOnNoticeProps) {
  const t = useTranslations("composer.movedOn");
  const { count, item, lastReply } = movedOn;
  return (
    <div role="alert">
      <Notice tone="warning">
        <p className="font-medium">{t("title", { count })}</p>
        {lastReply && (
          <p className="mt-1 line-clamp-3 text-ink">
            {lastReply.name && <span className="font-medium">{lastReply.name}: </span>}
            {lastReply.text}
          </p>
        )}
        <p className="mt-1 line-clamp-2 text-ink-muted">
          <span className="font-medium">{t("yours")} </span>
          {item.text}
        </p>
        <div className="mt-2 flex flex-wrap gap-2">
          <Button onPress={onSend}>{t("sendAnyway")}</Button>
          <Button look="quiet" onPress={onEdit} autoFocus>
            {t("edit")}
          </Button>
        </div>
      </Notice>
    </div>
  );
}

/** What the assistant wrote, what it rests on, and the way back. */
export function AssistBar({ assist }: { readonly assist: Assist }) {
  const t = useTranslations("composer.assist");
  const { assisted } = assist;
  if (!assisted) return null;
  const { kind, isWriting, problem, citations, madeBy } = assisted;
  const words = isWriting ? "writing" : kind === "rewrite" ? "rewritten" : madeBy === "local" ? "quoted" : "suggested";
  return (
    <div role="status" className="flex flex-wrap items-center gap-x-2 gap-y-1 border-line border-b px-3 py-1.5 text-xs">
      <Sparkles size={14} aria-hidden className={cx("shrink-0 text-assistant", isWriting && "animate-pulse-soft")} />
      <span className={cx("min-w-0 flex-1", problem ? "text-ink" : "text-ink-muted")}>
        {problem ? `${kind === "suggest" ? t("none") : ""} ${problem}` : t(words)}
        {citations.map((source, at) => (
          <span key={source.passageId} className="ms-2 inline-flex items-center gap-0.5">
            <Cited number={at + 1} source={source} />
            {source.title}
          </span>
        ))}
      </span>
      {isWriting && (
        <Button look="quiet" size="small" onPress={assist.stop}>
          {t("stop")}
        </Button>
      )}
      {!isWriting && !problem && (
        <Button look="quiet" size="small" onPress={assist.undo}>
          {t("undo")}
        </Button>
      )}
      {!isWriting && <IconButton icon={X} label={t("dismiss")} size="small" onPress={assist.accept} />}
    </div>
  );
}

export function AttachedFiles({ attaching }: { readonly attaching: Attaching }) {
  const t = useTranslations("composer.files");
  const format = useFormatter();
  if (attaching.files.length === 0) return null;
  return (
    <ul aria-label={t("title")} className="flex flex-wrap gap-1.5 px-3 pb-2">
      {attaching.files.map((file) => (
        <li key={file.key} className="flex max-w-full items-center gap-1.5 rounded-md bg-sunken ps-2 text-xs">
          <Paperclip size={14} aria-hidden className="shrink-0 text-ink-muted" />
          <span className="min-w-0 truncate">{file.name}</span>
          {file.problem ? (
            <span role="alert" className="text-danger">
              {file.problem}
            </span>
          ) : (
            !file.id && (
              <span className="text-ink-faint tabular-nums">{format.number(file.progress, { style: "percent" })}</span>
            )
          )}
          <IconButton
            icon={X}
            label={t("remove", { name: file.name })}
            size="small"
            onPress={() => attaching.remove(file.key)}
          />
        </li>
      ))}
    </ul>
  );
}
