/** @jsxImportSource preact */
/** Where an answer comes from: its articles as chips, each opening the very passage below. */
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { useWords } from "../messages";
import type { Message } from "../reading/transcript";
import type { Passage } from "../state/acts";
import { Icon } from "./icons";
import { IconButton, Markdown, Problem, useAct, useParts } from "./parts";

type Citation = Message["citations"][number];

export function Sources({ citations }: { readonly citations: readonly Citation[] }): JSX.Element {
  const { acts } = useParts();
  const { problem, run } = useAct();
  const words = useWords();
  const [shown, setShown] = useState<string>();
  const [passage, setPassage] = useState<Passage>();
  const toggle = (id: string): void => {
    if (shown === id) setShown(undefined);
    else
      run(async () => {
        setPassage(await acts.passage(id));
        setShown(id);
      });
  };
  return (
    <div class="mt-2">
      <ul aria-label={words.message.sources} class="flex flex-wrap gap-1.5">
        {citations.map((citation) => (
          <li key={citation.passageId} class="max-w-full">
            <button
              type="button"
              aria-expanded={shown === citation.passageId}
              onClick={() => toggle(citation.passageId)}
              class="flex min-h-6 max-w-full items-center gap-1.5 rounded-full bg-sunken px-2.5 py-0.5 text-xs text-ink-muted hover:bg-hover hover:text-ink"
            >
              <Icon name="book" size={12} class="shrink-0" />
              <span class="truncate">{citation.headings.at(-1) ?? citation.title}</span>
            </button>
          </li>
        ))}
      </ul>
      <Problem text={problem} />
      {shown && <Shown passage={passage} close={() => setShown(undefined)} />}
    </div>
  );
}

function Shown({ passage, close }: { readonly passage?: Passage; readonly close: () => void }): JSX.Element {
  const words = useWords();
  return (
    <section class="mt-2 rounded-xl border border-line bg-sunken p-3 text-sm" aria-label={passage?.title}>
      <div class="flex items-start gap-2">
        <p class="min-w-0 flex-1 font-medium">{passage?.title ?? words.source.missing}</p>
        <IconButton icon="close" label={words.source.close} class="-me-1 -mt-1 hover:bg-hover" onClick={close} />
      </div>
      {passage && <Markdown text={passage.text} />}
      {passage?.link && (
        <a
          href={passage.link}
          target="_blank"
          rel="noopener noreferrer"
          class="mt-2 inline-flex items-center gap-1 text-xs underline underline-offset-2"
        >
          {words.source.open} <Icon name="link" size={12} />
        </a>
      )}
    </section>
  );
}
