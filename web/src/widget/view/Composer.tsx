/** @jsxImportSource preact */
/** Where to write: a field that grows, files, and a draft that survives a reload. */
import type { JSX } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { useWords } from "../messages";
import { ACCEPTED, LARGEST, MOST, send } from "../state/files";
import type { Enclosure } from "../state/outbox";
import { tabDrawer } from "../state/storage";
import { Icon } from "./icons";
import { IconButton, Problem, useAct, useChat, useParts } from "./parts";

const LONGEST = 10_000;
const TALLEST = 144;

export function Composer(): JSX.Element {
  const { chat, acts, visit } = useParts();
  const { conversation } = useChat();
  const words = useWords();
  const [text, setText] = useDraft();
  const files = useFiles();
  const field = useRef<HTMLTextAreaElement>(null);
  useGrowing(field, text);
  const isClosed = !chat.settings.takesVisitors && !visit.isBegun;
  const isEmpty = !text.trim() || files.isSending;
  const submit = (): void => {
    if (isEmpty) return;
    chat.say(text.trim(), files.all);
    setText("");
    files.clear();
    field.current?.focus();
  };
  if (isClosed) return <div class="h-3" />;
  return (
    <form
      class="border-t border-line p-3 pb-[max(0.75rem,env(safe-area-inset-bottom))]"
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <Enclosures files={files} />
      <div class="flex items-end gap-1 rounded-2xl border border-line-strong p-1 focus-within:border-ink focus-within:ring-1 focus-within:ring-ink">
        <Attach add={files.add} isFull={files.all.length >= MOST} />
        <textarea
          ref={field}
          rows={1}
          maxLength={LONGEST}
          aria-label={words.compose.label}
          placeholder={conversation?.state === "RESOLVED" ? words.compose.again : words.compose.placeholder}
          value={text}
          onInput={(event) => {
            setText(event.currentTarget.value);
            acts.typing();
          }}
          onKeyDown={(event) => {
            if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
            event.preventDefault();
            submit();
          }}
          class="min-h-8 flex-1 resize-none bg-transparent px-1 py-1.5 text-base leading-5 outline-none panel:text-sm"
        />
        <IconButton
          type="submit"
          icon="send"
          label={words.compose.send}
          aria-disabled={isEmpty}
          class={`rounded-xl bg-accent text-on-accent ${isEmpty ? "opacity-40" : "hover:opacity-90"}`}
        />
      </div>
    </form>
  );
}

/** What is being written, kept for this tab. */
function useDraft(): [string, (text: string) => void] {
  const { chat } = useParts();
  const drafts = tabDrawer(chat.settings.organizationSlug);
  const [text, setText] = useState(() => drafts.read<string>("draft") ?? "");
  const change = (next: string): void => {
    setText(next);
    drafts.write("draft", next || undefined);
  };
  return [text, change];
}

function useGrowing(field: { readonly current: HTMLTextAreaElement | null }, text: string): void {
  const fit = (): void => {
    const box = field.current;
    if (!box) return;
    box.style.height = "auto";
    box.style.height = `${Math.min(box.scrollHeight, TALLEST)}px`;
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: its height follows the text
  useLayoutEffect(fit, [text]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the frame becomes wide after it was opened
  useEffect(() => {
    addEventListener("resize", fit);
    return () => removeEventListener("resize", fit);
  }, []);
}

interface Files {
  readonly all: readonly Enclosure[];
  readonly isSending: boolean;
  readonly problem?: string;
  add(files: readonly File[]): void;
  remove(id: string): void;
  clear(): void;
}

function useFiles(): Files {
  const { chat, visit } = useParts();
  const words = useWords();
  const [all, setAll] = useState<readonly Enclosure[]>([]);
  const [tooLarge, setTooLarge] = useState(false);
  const { isRunning, problem, run } = useAct();
  const add = (files: readonly File[]): void => {
    setTooLarge(files.some((file) => file.size > LARGEST));
    run(async () => {
      for (const file of files.filter((one) => one.size <= LARGEST)) {
        const sent = await send(chat.api, visit, file);
        setAll((before) => [...before, sent].slice(0, MOST));
      }
    });
  };
  const remove = (id: string): void => setAll((before) => before.filter((one) => one.id !== id));
  const said = tooLarge ? words.compose.tooLarge : problem;
  return { all, isSending: isRunning, problem: said, add, remove, clear: () => setAll([]) };
}

function Enclosures({ files }: { readonly files: Files }): JSX.Element | null {
  const words = useWords();
  if (files.all.length === 0 && !files.isSending && !files.problem) return null;
  return (
    <div class="mb-2 space-y-1 text-xs">
      <ul class="flex flex-wrap gap-1.5">
        {files.all.map((file) => (
          <li key={file.id} class="flex max-w-full items-center gap-1.5 rounded-lg bg-sunken ps-2">
            <Icon name="file" size={14} class="shrink-0" />
            <span class="truncate">{file.name}</span>
            <IconButton icon="close" label={words.compose.remove(file.name)} onClick={() => files.remove(file.id)} />
          </li>
        ))}
      </ul>
      {files.isSending && <p role="status">{words.compose.uploading}</p>}
      <Problem text={files.problem} />
    </div>
  );
}

function Attach({
  add,
  isFull,
}: {
  readonly add: (files: readonly File[]) => void;
  readonly isFull: boolean;
}): JSX.Element {
  const words = useWords();
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <IconButton
        icon="attach"
        label={words.compose.attach}
        disabled={isFull}
        class="text-ink-muted hover:bg-hover"
        onClick={() => input.current?.click()}
      />
      <input
        ref={input}
        type="file"
        multiple
        hidden
        accept={ACCEPTED}
        tabIndex={-1}
        onChange={(event) => {
          add([...(event.currentTarget.files ?? [])]);
          event.currentTarget.value = "";
        }}
      />
    </>
  );
}
