/** @jsxImportSource preact */
/** All conversations of whoever sits here, the latest first. */
import type { JSX } from "preact";
import { useSpeech } from "../messages";
import type { Entry } from "../state/chat";
import { Icon } from "./icons";
import { useChat, useParts } from "./parts";

export function History(): JSX.Element {
  const { history } = useChat();
  const { chat } = useParts();
  const { words } = useSpeech();
  const { privacyLink } = chat.settings;
  return (
    <div class="flex min-h-0 flex-1 flex-col overflow-y-auto">
      {history.length === 0 ? (
        <p class="m-auto max-w-64 p-6 text-center text-sm text-ink-muted">{words.history.empty}</p>
      ) : (
        <ul class="flex-1 divide-y divide-line">
          {history.map((entry) => (
            <Line key={entry.id} entry={entry} />
          ))}
        </ul>
      )}
      {privacyLink && (
        <a
          href={privacyLink}
          target="_blank"
          rel="noopener noreferrer"
          class="flex items-center justify-center gap-1.5 border-t border-line p-3 text-xs text-ink-muted underline"
        >
          {words.header.privacy} <Icon name="link" size={12} />
        </a>
      )}
    </div>
  );
}

function Line({ entry }: { readonly entry: Entry }): JSX.Element {
  const { chat } = useParts();
  const { words, language } = useSpeech();
  const states: Partial<Record<Entry["state"], string>> = {
    RESOLVED: words.history.resolved,
    WAITING: words.history.waiting,
  };
  const day = new Intl.DateTimeFormat(language, { day: "numeric", month: "short" });
  return (
    <li>
      <button
        type="button"
        onClick={() => chat.choose(entry.id)}
        class="flex w-full flex-col gap-0.5 px-4 py-3 text-start hover:bg-hover"
      >
        <span class="flex items-baseline gap-2">
          <span class="min-w-0 flex-1 truncate text-sm font-medium">{entry.subject}</span>
          <span class="text-xs text-ink-faint">{day.format(new Date(entry.lastActivityAt))}</span>
        </span>
        <span class="flex items-baseline gap-2 text-xs text-ink-muted">
          <span class="min-w-0 flex-1 truncate">{entry.lastMessage?.text}</span>
          {states[entry.state] && <span class="text-ink-faint">{states[entry.state]}</span>}
        </span>
      </button>
    </li>
  );
}
