/** @jsxImportSource preact */
/** One message, with what belongs to it: sources, choices, files, whether it helped. */
import type { JSX } from "preact";
import { useSpeech, useWords } from "../messages";
import type { Message } from "../reading/transcript";
import type { Unsent as Said } from "../state/outbox";
import { CodeForm } from "./forms";
import { Icon } from "./icons";
import { IconButton, Markdown, Problem, useAct, useChat, useParts } from "./parts";
import { Sources } from "./Sources";
import { isOwn } from "./Thread";

interface Props {
  readonly message: Message;
  readonly before?: Message;
  readonly isLast: boolean;
}

const OWN = "ms-auto w-fit max-w-[85%] rounded-2xl rounded-ee-md bg-accent px-3.5 py-2 text-on-accent";

export function Written({ message, before, isLast }: Props): JSX.Element {
  if (isOwn(message)) return <Own message={message} />;
  const isFirst = !before || authorOf(before) !== authorOf(message);
  return (
    <li class="max-w-[92%]">
      {isFirst && <Author message={message} />}
      <Markdown text={message.text} />
      <Files message={message} />
      {message.kind === "PARTIAL_ANSWER" && <Stopped />}
      {message.citations.length > 0 && <Sources citations={message.citations} />}
      {isLast && message.choices.length > 0 && <Choices choices={message.choices} />}
      {isLast && message.needsCode && <CodeForm />}
      {message.kind === "ANSWER" && (isLast || message.rating) && <Rating message={message} />}
    </li>
  );
}

function Own({ message }: { readonly message: Message }): JSX.Element {
  const words = useWords();
  return (
    <li>
      <div class={OWN}>
        <span class="sr-only">{words.message.you}: </span>
        <p class="break-words whitespace-pre-wrap">{message.text}</p>
        <Files message={message} />
      </div>
    </li>
  );
}

/** What is on its way: shown as said, with where it is. */
export function Unsent({ said }: { readonly said: Said }): JSX.Element {
  const { connection } = useChat();
  const { chat } = useParts();
  const words = useWords();
  const state = said.refusal
    ? words.message.refused
    : connection === "connected"
      ? words.message.sending
      : words.message.waiting;
  const link = "underline underline-offset-2 hover:text-ink";
  return (
    <li>
      <div class={`${OWN} ${said.refusal ? "opacity-60" : "opacity-80"}`}>
        <p class="break-words whitespace-pre-wrap">{said.text}</p>
        {said.files.map((file) => (
          <p key={file.id} class="mt-1 flex items-center gap-1.5 text-xs">
            <Icon name="file" size={14} /> {file.name}
          </p>
        ))}
      </div>
      <p class="mt-1 flex justify-end gap-2 text-xs text-ink-muted">
        <span class={said.refusal ? "text-danger" : ""}>{state}</span>
        {said.refusal && (
          <>
            <button type="button" class={link} onClick={() => chat.retry(said.key)}>
              {words.message.retry}
            </button>
            <button type="button" class={link} onClick={() => chat.discard(said.key)}>
              {words.message.discard}
            </button>
          </>
        )}
      </p>
      <div class="text-end">
        <Problem text={said.refusal} />
      </div>
    </li>
  );
}

function authorOf(message: Message): string {
  const { author } = message;
  return author?.__typename === "Agent" ? author.name : (author?.__typename ?? "");
}

function Author({ message }: { readonly message: Message }): JSX.Element {
  const { words, language } = useSpeech();
  const { author } = message;
  const name =
    author?.__typename === "Agent"
      ? author.name
      : author?.__typename === "Assistant"
        ? words.message.assistant
        : words.message.team;
  const time = new Intl.DateTimeFormat(language, { hour: "numeric", minute: "2-digit" });
  return (
    <p class="mb-1 flex items-baseline gap-1.5 text-xs text-ink-muted">
      <span class="font-medium text-ink">{name}</span>
      <time dateTime={message.createdAt}>{time.format(new Date(message.createdAt))}</time>
    </p>
  );
}

function Stopped(): JSX.Element {
  return <p class="mt-1 text-xs text-ink-faint">{useWords().message.stopped}</p>;
}

function Choices({ choices }: { readonly choices: readonly string[] }): JSX.Element {
  const { chat } = useParts();
  const words = useWords();
  return (
    <ul aria-label={words.message.choices} class="mt-2 flex flex-wrap gap-2">
      {choices.map((choice) => (
        <li key={choice}>
          <button
            type="button"
            onClick={() => chat.say(choice)}
            class="rounded-2xl border border-line-strong px-3 py-1.5 text-start text-sm hover:bg-hover"
          >
            {choice}
          </button>
        </li>
      ))}
    </ul>
  );
}

function Rating({ message }: { readonly message: Message }): JSX.Element {
  const { acts } = useParts();
  const { isRunning, problem, run } = useAct();
  const words = useWords();
  const rated = message.rating?.helpful;
  const rate = (helpful: boolean): void => run(() => acts.rate(message.id, helpful));
  const look = (is: boolean): string =>
    is ? "bg-accent-soft text-ink" : "text-ink-faint hover:bg-hover hover:text-ink";
  return (
    <fieldset class="mt-1 flex items-center gap-0.5 text-xs text-ink-muted" aria-label={words.message.helpful}>
      <IconButton
        icon="up"
        label={words.message.yes}
        aria-pressed={rated === true}
        disabled={isRunning}
        class={`-ms-1.5 ${look(rated === true)}`}
        onClick={() => rate(true)}
      />
      <IconButton
        icon="down"
        label={words.message.no}
        aria-pressed={rated === false}
        disabled={isRunning}
        class={look(rated === false)}
        onClick={() => rate(false)}
      />
      {rated !== undefined && <span role="status">{words.message.thanks}</span>}
      <Problem text={problem} />
    </fieldset>
  );
}

function Files({ message }: { readonly message: Message }): JSX.Element | null {
  const { acts } = useParts();
  const words = useWords();
  const { run } = useAct();
  if (message.attachments.length === 0) return null;
  const fetched = async (id: string): Promise<void> => {
    const address = await acts.fileAddress(id);
    if (address) location.assign(address);
  };
  return (
    <ul class="mt-1.5 space-y-1">
      {message.attachments.map((file) => (
        <li key={file.id}>
          <button
            type="button"
            onClick={() => run(() => fetched(file.id))}
            disabled={file.state === "REFUSED"}
            aria-label={words.message.download(file.name)}
            class="flex min-h-6 max-w-full items-center gap-1.5 text-xs underline underline-offset-2"
          >
            <Icon name="file" size={14} class="shrink-0" />
            <span class="truncate">{file.name}</span>
            {file.state === "REFUSED" && <span>({words.message.fileRefused})</span>}
          </button>
        </li>
      ))}
    </ul>
  );
}
