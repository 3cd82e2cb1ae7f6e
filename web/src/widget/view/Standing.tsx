/** @jsxImportSource preact */
/** How things stand below the last message: waiting, out of hours, closed; and how to get to a person. */
import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { moment, useSpeech, useWords } from "../messages";
import type { Message } from "../reading/transcript";
import { EmailForm } from "./forms";
import { Icon } from "./icons";
import { Problem, useAct, useChat, useParts } from "./parts";
import { SurveyCard } from "./Survey";

export function Standing({ last }: { readonly last?: Message }): JSX.Element | null {
  const { conversation } = useChat();
  const words = useWords();
  if (!conversation) return null;
  switch (conversation.state) {
    case "WITH_ASSISTANT":
      return last && !conversation.isAnswering ? <AskForPerson /> : null;
    case "WAITING":
      return <Waiting />;
    case "RESOLVED":
      return (
        <>
          <p class="mt-4 border-t border-line pt-3 text-center text-xs text-ink-muted">{words.person.resolved}</p>
          {conversation.survey && <SurveyCard key={conversation.survey.id} survey={conversation.survey} />}
        </>
      );
    default:
      return null;
  }
}

function AskForPerson(): JSX.Element {
  const { acts } = useParts();
  const { isRunning, problem, run } = useAct();
  const words = useWords();
  return (
    <div class="mt-3">
      <button
        type="button"
        disabled={isRunning}
        onClick={() => run(() => acts.requestPerson())}
        class="inline-flex min-h-7 items-center gap-1.5 rounded-full border border-line px-3 text-xs text-ink-muted hover:bg-hover hover:text-ink"
      >
        <Icon name="person" size={14} /> {words.person.ask}
      </button>
      <Problem text={problem} />
    </div>
  );
}

/** No promise that nobody can keep: since when, and when people are there; numbers only where there are some. */
function Waiting(): JSX.Element {
  const { conversation } = useChat();
  const { chat } = useParts();
  const { words, language } = useSpeech();
  const minutes = useMinutesSince(conversation?.waitingSince);
  const { isOpen, opensAt } = chat.settings;
  return (
    <div class="mt-4 space-y-2 rounded-xl border border-line bg-sunken p-3 text-sm">
      <p>{isOpen || !opensAt ? words.person.waiting : words.person.closed(moment(language, opensAt))}</p>
      {minutes >= 1 && isOpen && <p class="text-xs text-ink-muted">{words.person.waitingSince(minutes)}</p>}
      {(!isOpen || chat.email || minutes >= 3) && <EmailForm />}
    </div>
  );
}

function useMinutesSince(since?: string | null): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 20_000);
    return () => clearInterval(timer);
  }, []);
  return since ? Math.max(0, Math.floor((now - Date.parse(since)) / 60_000)) : 0;
}
