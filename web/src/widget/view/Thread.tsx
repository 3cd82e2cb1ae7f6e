/** @jsxImportSource preact */
/** The conversation: what was said, what is being said, what is on its way, and how things stand. */
import type { JSX } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { useSpeech, useWords } from "../messages";
import type { Message } from "../reading/transcript";
import { useTyping } from "../reading/typing";
import { Unsent, Written } from "./Message";
import { Markdown, useAct, useChat, useParts } from "./parts";
import { Standing } from "./Standing";

export function Thread(): JSX.Element {
  const { transcript, unsent, conversation, earlier, id } = useChat();
  const words = useWords();
  const log = useRef<HTMLDivElement>(null);
  const isAtEnd = useStickyEnd(log, [transcript, unsent, conversation]);
  const shown = transcript.messages.filter((message) => message.kind !== "SURVEY");
  const last = shown.at(-1);
  const isLive = transcript.live !== undefined;
  const sending = unsent.map((said) => <Unsent key={said.key} said={said} />);
  const isAwaited = unsent.length > 0 || (last && isOwn(last));
  return (
    <div class="relative flex min-h-0 flex-1 flex-col">
      <div
        ref={log}
        role="log"
        aria-live="off"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: whoever has no mouse scrolls by keys
        tabIndex={0}
        class="flex-1 overflow-y-auto overscroll-contain px-4 py-4"
      >
        {!id && <Greeting />}
        {earlier && <Earlier />}
        <ol class="space-y-3">
          {shown.map((message, at) => (
            <Written key={message.id} message={message} before={shown[at - 1]} isLast={message === last} />
          ))}
          {!isLive && sending}
        </ol>
        <Live isAwaited={Boolean(isAwaited)} />
        {isLive && <ol class="mt-3 space-y-3">{sending}</ol>}
        <Standing last={last} />
      </div>
      {!isAtEnd && (
        <button
          type="button"
          onClick={() => log.current?.scrollTo({ top: log.current.scrollHeight })}
          class="absolute start-1/2 bottom-3 -translate-x-1/2 rounded-full border border-line bg-raised px-3 py-1 text-xs shadow-popup rtl:translate-x-1/2"
        >
          {words.message.newBelow}
        </button>
      )}
    </div>
  );
}

export function isOwn(message: Message): boolean {
  return message.author?.__typename === "Customer";
}

function Greeting(): JSX.Element {
  const { chat, visit } = useParts();
  const { words, language } = useSpeech();
  const { greetings, organizationName, takesVisitors, privacyLink } = chat.settings;
  const own = greetings.find((one) => one.language.slice(0, 2) === language) ?? greetings[0];
  return (
    <div class="mb-6 space-y-2 pt-2">
      <p class="text-xl leading-snug font-semibold text-balance">{own?.text ?? words.greeting(organizationName)}</p>
      <p class="text-sm text-ink-muted">
        {takesVisitors || visit.isBegun ? words.greetingNote : words.problem.strangers}
      </p>
      {privacyLink && (
        <a href={privacyLink} target="_blank" rel="noopener noreferrer" class="text-xs text-ink-muted underline">
          {words.header.privacy}
        </a>
      )}
    </div>
  );
}

function Earlier(): JSX.Element {
  const { chat } = useParts();
  const { isRunning, run } = useAct();
  const words = useWords();
  return (
    <p class="mb-4 text-center">
      <button
        type="button"
        disabled={isRunning}
        onClick={() => run(() => chat.readEarlier())}
        class="rounded-full border border-line px-3 py-1 text-xs text-ink-muted hover:bg-hover"
      >
        {words.message.earlier}
      </button>
    </p>
  );
}

/** The answer as it is written, or that somebody writes one. */
function Live({ isAwaited }: { readonly isAwaited: boolean }): JSX.Element | null {
  const { transcript, conversation } = useChat();
  const { acts } = useParts();
  const { isRunning, run } = useAct();
  const words = useWords();
  const typing = useTyping();
  const { live } = transcript;
  const isWriting = live || (conversation?.isAnswering && isAwaited);
  if (!isWriting && typing === undefined) return null;
  const said = isWriting
    ? words.message.writing
    : words.message.typing(typing || conversation?.assignee?.name || words.message.somebody);
  return (
    <div class="mt-3 max-w-[92%]">
      {live?.text && <p class="mb-1 text-xs font-medium">{words.message.assistant}</p>}
      {live?.text ? <Markdown text={live.text} /> : <Dots label={said} />}
      {live && (
        <button
          type="button"
          disabled={isRunning}
          onClick={() => run(() => acts.stop())}
          class="mt-2 inline-flex h-6 items-center rounded-full border border-line px-2.5 text-xs text-ink-muted hover:bg-hover"
        >
          {words.message.stop}
        </button>
      )}
    </div>
  );
}

function Dots({ label }: { readonly label: string }): JSX.Element {
  return (
    <p class="flex items-center gap-2 text-xs text-ink-muted">
      <span aria-hidden="true" class="flex gap-1">
        {["", "delay-150", "delay-300"].map((delay) => (
          <span key={delay} class={`size-1.5 animate-pulse-soft rounded-full bg-ink-faint ${delay}`} />
        ))}
      </span>
      {label}
    </p>
  );
}

/** Stay at the end while more comes, unless somebody has scrolled up to read. */
function useStickyEnd(log: { readonly current: HTMLDivElement | null }, changes: readonly unknown[]): boolean {
  const [isAtEnd, setAtEnd] = useState(true);
  const sticks = useRef(true);
  useEffect(() => {
    const box = log.current;
    if (!box) return;
    const scrolled = (): void => {
      sticks.current = box.scrollHeight - box.scrollTop - box.clientHeight < 48;
      setAtEnd(sticks.current);
    };
    box.addEventListener("scroll", scrolled, { passive: true });
    return () => box.removeEventListener("scroll", scrolled);
  }, [log]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: whatever is new can be below
  useLayoutEffect(() => {
    const box = log.current;
    if (box && sticks.current) box.scrollTop = box.scrollHeight;
  }, [...changes]);
  return isAtEnd;
}
