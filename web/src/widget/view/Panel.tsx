/** @jsxImportSource preact */
/** The open chat: who is there, the conversation or the list of all, and where to write. */
import type { JSX } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { moment, useSpeech, useWords } from "../messages";
import type { Host } from "../state/host";
import { Composer } from "./Composer";
import { History } from "./History";
import { Icon } from "./icons";
import { IconButton, useChat, useParts } from "./parts";
import { Thread } from "./Thread";

export function Panel({ host }: { readonly host: Host }): JSX.Element {
  const { view } = useChat();
  const { chat } = useParts();
  const words = useWords();
  const panel = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    host.size(true);
    const field = panel.current?.querySelector("textarea");
    const isTouched = matchMedia("(pointer: coarse)").matches;
    (isTouched ? panel.current : (field ?? panel.current))?.focus();
  }, [host]);
  return (
    <div
      ref={panel}
      role="dialog"
      aria-label={words.title(chat.settings.organizationName)}
      tabIndex={-1}
      class="fixed inset-0 flex animate-appear flex-col overflow-hidden bg-surface outline-none panel:inset-3 panel:rounded-2xl panel:shadow-panel"
    >
      <Header />
      <Connection />
      {view === "history" ? (
        <History />
      ) : (
        <>
          <Thread />
          <Composer />
        </>
      )}
    </div>
  );
}

function Header(): JSX.Element {
  const { view, id, unsent } = useChat();
  const { chat } = useParts();
  const words = useWords();
  const quiet = "hover:bg-on-accent/15";
  return (
    <div class="flex items-center gap-1 bg-accent py-3 ps-4 pe-2 text-on-accent">
      {view === "history" && (
        <IconButton icon="back" label={words.header.back} class={`-ms-2 ${quiet}`} onClick={() => chat.showThread()} />
      )}
      <div class="min-w-0 flex-1">
        <h1 class="truncate text-base font-semibold">
          {view === "history" ? words.history.title : chat.settings.organizationName}
        </h1>
        {view === "thread" && <Presence />}
      </div>
      {view === "thread" && (
        <IconButton
          icon="history"
          label={words.header.history}
          class={quiet}
          onClick={() => void chat.showHistory().catch(() => undefined)}
        />
      )}
      {(view === "history" || id || unsent.length > 0) && (
        <IconButton icon="begin" label={words.header.begin} class={quiet} onClick={() => chat.startNew()} />
      )}
      <IconButton icon="close" label={words.header.close} class={quiet} onClick={() => chat.close()} />
    </div>
  );
}

/** Who answers, honestly: the assistant, a person by name, or nobody before some time. */
function Presence(): JSX.Element {
  const { conversation } = useChat();
  const { chat } = useParts();
  const { words, language } = useSpeech();
  const { isOpen, opensAt } = chat.settings;
  const name = conversation?.state === "WITH_PERSON" ? conversation.assignee?.name : undefined;
  const isPeoples = conversation?.state === "WAITING" || name;
  const absent = isPeoples && !isOpen && opensAt ? words.header.opens(moment(language, opensAt)) : undefined;
  return (
    <p class="truncate text-xs opacity-90">{absent ?? (name ? words.header.person(name) : words.header.assistant)}</p>
  );
}

function Connection(): JSX.Element | null {
  const { connection } = useChat();
  const words = useWords();
  if (connection === "connected") return null;
  return (
    <p role="status" class="flex items-center gap-2 bg-warning-soft px-4 py-2 text-xs text-warning">
      <Icon name="offline" size={14} class="shrink-0" />
      {connection === "offline" ? words.problem.offline : words.problem.connecting}
    </p>
  );
}
