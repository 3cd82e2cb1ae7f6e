/** The answer that is being written, drawn as it comes: this bubble alone changes with each frame. */
import { useEffect, useRef, useState, useSyncExternalStore } from "react";
import { useTranslations } from "use-intl";
import type { Answering } from "../live/answer";
import { shown } from "../live/unfinished";
import { Answer } from "./message/Answer";
import { Bubble } from "./message/Bubble";

interface WritingProps {
  readonly answering: Answering;
  /** The conversation says that an answer is on its way, though nothing was heard of it yet. */
  readonly isAwaited: boolean;
}

export function Writing({ answering, isAwaited }: WritingProps) {
  const t = useTranslations("conversation");
  const writing = useSyncExternalStore(answering.watch, answering.now);
  const text = useDrawn(writing?.text ?? "", `${writing?.messageId} ${writing?.attempt}`);
  if (!writing && !isAwaited) return null;
  const words = shown(text);
  return (
    <li aria-hidden data-writing>
      <Bubble side="assistant" name={t("assistant")} isFirst beside={<span className="size-6 shrink-0" />}>
        {words ? <Answer text={words} citations={[]} /> : <Dots label={t("message.writing")} />}
      </Bubble>
    </li>
  );
}

function Dots({ label }: { readonly label: string }) {
  return (
    <span title={label} className="flex h-5 items-center gap-1">
      {[0, 1, 2].map((dot) => (
        <span key={dot} className="size-1.5 animate-pulse-soft rounded-full bg-assistant" />
      ))}
    </span>
  );
}

/** Milliseconds between two drawings: reading is no film. */
const BEAT = 33;
/** In so many beats what came is drawn; frames come every 50 ms at most. */
const BEATS = 8;

/** The text as far as it is drawn: pieces that come at once appear one after the other, and never fall far behind. */
function useDrawn(text: string, of: string): string {
  const [length, setLength] = useState(text.length);
  const before = useRef(of);
  useEffect(() => {
    const isAnother = before.current !== of;
    before.current = of;
    if (isAnother || matchMedia("(prefers-reduced-motion: reduce)").matches) setLength(isAnother ? 0 : text.length);
    const timer = setInterval(() => {
      setLength((drawn) => (drawn >= text.length ? text.length : drawn + Math.ceil((text.length - drawn) / BEATS)));
    }, BEAT);
    return () => clearInterval(timer);
  }, [text, of]);
  return text.slice(0, length);
}
