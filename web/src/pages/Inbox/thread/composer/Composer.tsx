/** Where one answers the customer, or writes for colleagues. What is typed is kept, whatever happens. */
import { Languages, Lock, Paperclip, SendHorizontal, Sparkles } from "lucide-react";
import { lazy, Suspense, useEffect, useRef, useState } from "react";
import { Button as AriaButton } from "react-aria-components";
import { graphql, useFragment } from "react-relay";
import { useTranslations } from "use-intl";
import type {
  Composer_conversation$data,
  Composer_conversation$key,
} from "~/__generated__/Composer_conversation.graphql";
import { useCommands } from "~/app/commands";
import { useMay, useViewer } from "~/app/viewer";
import { Button, IconButton } from "~/components/Button";
import { cx } from "~/components/style";
import { useTellProblem } from "~/components/Toast";
import { useActs } from "../acts/useActs";
import { useTyping } from "../live/signals";
import { AssistBar, AttachedFiles, MovedOnNotice } from "./Above";
import { type Assist, useAssist } from "./assist";
import { type Attaching, useAttaching } from "./attaching";
import { type Draft, useLocalDraft, useSavedDraft } from "./drafts";
import { useDropping } from "./dropping";
import { Rewriting } from "./Rewriting";
import type { Named, Outgoing } from "./sending/outbox";
import type { Sending } from "./sending/useSending";
import { Editor } from "./typing/Editor";

const MacroDialog = lazy(() => import("./MacroDialog"));

const CONVERSATION = graphql`
  fragment Composer_conversation on Conversation {
    id
    state
    assignee {
      id
      name
    }
    mergedInto {
      id
    }
    draft {
      text
      savedAt
    }
  }
`;

type Kind = Outgoing["kind"];

interface ComposerProps {
  readonly conversation: Composer_conversation$key;
  readonly sending: Sending;
  readonly seenCursor: () => string;
  /** What could not be sent and is to be written anew. */
  readonly edited: Pick<Outgoing, "kind" | "text"> | null;
}

export function Composer(props: ComposerProps) {
  const t = useTranslations("composer");
  const conversation = useFragment(CONVERSATION, props.conversation);
  const mayReply = useMay("REPLY_TO_CONVERSATIONS");
  if (!mayReply) return <p className="border-line border-t bg-surface px-4 py-3 text-ink-muted">{t("readOnly")}</p>;
  return <Writing {...props} conversation={conversation} />;
}

type WritingProps = Omit<ComposerProps, "conversation"> & { readonly conversation: Composer_conversation$data };

function Writing({ conversation, sending, seenCursor, edited }: WritingProps) {
  const t = useTranslations("composer");
  const { id } = conversation;
  const [kind, setKind] = useState<Kind>("reply");
  const reply = useLocalDraft("reply", id, conversation.draft ?? null);
  const note = useLocalDraft("note", id);
  useSavedDraft(id, reply[0], conversation.draft ?? null);
  const [text, setText] = kind === "note" ? note : reply;
  const [mentions, setMentions] = useState<readonly Named[]>([]);
  const [macro, setMacro] = useState<Named | null>(null);
  const files = { reply: useAttaching("MESSAGE"), note: useAttaching("NOTE") };
  const attaching = files[kind];
  const dropping = useDropping(attaching.add);
  const assist = useAssist(id, text, setText);
  const field = useRef<HTMLTextAreaElement>(null);
  const type = useTyping(id);
  const answer = useAnswering(conversation);
  useReturned(edited, setKind, { reply, note });
  const focus = (next: Kind): void => {
    setKind(next);
    requestAnimationFrame(() => field.current?.focus());
  };
  const send = async (): Promise<void> => {
    if (!canSend(text, attaching, assist) || (kind === "reply" && !(await answer.prepare()))) return;
    const named = mentions.filter((agent) => text.includes(`@${agent.name}`));
    sending.say({
      kind,
      text: text.trim(),
      seenCursor: seenCursor(),
      files: attaching.take(),
      mentions: kind === "note" ? named : [],
    });
    setText("");
    setMentions([]);
    assist.accept();
  };
  useKeys({ focus, suggest: assist.suggest });
  return (
    <section
      aria-label={t("title")}
      {...dropping.handlers}
      className={cx(
        "relative border-line border-t pb-[env(safe-area-inset-bottom)]",
        kind === "note" ? "bg-note-soft" : "bg-surface",
      )}
    >
      {dropping.isOver && (
        <p className="pointer-events-none absolute inset-1 z-10 flex items-center justify-center rounded-lg border-2 border-accent border-dashed bg-accent-soft font-medium text-accent-ink">
          {t("files.drop")}
        </p>
      )}
      <div className="mx-auto max-w-3xl">
        {sending.movedOn && (
          <div className="p-2">
            <MovedOnNotice
              movedOn={sending.movedOn}
              onSend={sending.sendAnyway}
              onEdit={() => {
                const item = sending.takeBack();
                if (item) reply[1](reply[0] ? `${item.text}\n\n${reply[0]}` : item.text);
                focus("reply");
              }}
            />
          </div>
        )}
        <AssistBar assist={assist} />
        <Tabs kind={kind} onChange={focus} />
        <Editor
          label={t(kind)}
          placeholder={t(`${kind}Hint`)}
          text={text}
          signs={kind === "note" ? ["@"] : ["/"]}
          isReadOnly={assist.assisted?.isWriting ?? false}
          field={field}
          onChange={(next) => {
            setText(next);
            if (kind === "reply") type();
          }}
          onSend={() => void send()}
          onFiles={attaching.add}
          onPick={(sign, choice) => (sign === "@" ? setMentions((before) => [...before, choice]) : setMacro(choice))}
        />
        <AttachedFiles attaching={attaching} />
        <div className="flex flex-wrap items-center gap-1 px-2 pb-2">
          <Files onChoose={attaching.add} />
          {kind === "reply" && (
            <>
              <IconButton icon={Sparkles} label={t("suggest")} onPress={assist.suggest} />
              <Rewriting isDisabled={text.trim() === ""} onWish={assist.rewrite} icon={Languages} />
            </>
          )}
          <span className="min-w-0 flex-1 truncate px-1 text-end text-ink-faint text-xs">
            {kind === "reply" ? answer.hint : t("noteHere")}
          </span>
          <Button
            look="primary"
            icon={kind === "note" ? Lock : SendHorizontal}
            isBusy={answer.isBusy}
            isDisabled={!canSend(text, attaching, assist) || (kind === "reply" && !answer.isPossible)}
            onPress={() => void send()}
          >
            {kind === "note" ? t("addNote") : t(answer.deed)}
          </Button>
        </div>
      </div>
      {macro && (
        <Suspense fallback={null}>
          <MacroDialog
            conversationId={id}
            macro={macro}
            onInsert={(words) => {
              setMacro(null);
              reply[1](reply[0] ? `${reply[0]}${words}` : words);
              focus("reply");
            }}
            onClose={() => setMacro(null)}
          />
        </Suspense>
      )}
    </section>
  );
}

function canSend(text: string, attaching: Attaching, assist: Assist): boolean {
  return text.trim() !== "" && attaching.isReady && !assist.assisted?.isWriting;
}

/** The way to the files of this machine. */
function Files({ onChoose }: { readonly onChoose: (files: Iterable<File>) => void }) {
  const t = useTranslations("composer");
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <IconButton icon={Paperclip} label={t("attach")} onPress={() => input.current?.click()} />
      <input
        ref={input}
        type="file"
        multiple
        hidden
        onChange={({ target }) => {
          onChoose([...(target.files ?? [])]);
          target.value = ""; // the same file may be chosen again
        }}
      />
    </>
  );
}

function Tabs({ kind, onChange }: { readonly kind: Kind; readonly onChange: (kind: Kind) => void }) {
  const t = useTranslations("composer");
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset has a legend of its own
    <div role="group" aria-label={t("audience")} className="flex gap-1 px-2 pt-2">
      {(["reply", "note"] as const).map((one) => (
        <AriaButton
          key={one}
          aria-pressed={one === kind}
          onPress={() => onChange(one)}
          className={cx(
            "min-h-7 cursor-default rounded-md px-2.5 text-ink-muted text-sm hover:bg-hover aria-pressed:font-medium",
            one === "note"
              ? "aria-pressed:bg-note/15 aria-pressed:text-note"
              : "aria-pressed:bg-pressed aria-pressed:text-ink",
          )}
        >
          {t(one)}
        </AriaButton>
      ))}
    </div>
  );
}

interface Answering {
  readonly hint: string;
  readonly isBusy: boolean;
  readonly isPossible: boolean;
  /** What sending takes. */
  readonly deed: "send" | "takeOverAndSend" | "reopenAndSend";
  /** Whether one may go on. */
  prepare(): Promise<boolean>;
}

/** Only who has a conversation answers in it: taking it over comes first where nobody has it. */
function useAnswering(conversation: Composer_conversation$data): Answering {
  const t = useTranslations("composer");
  const me = useViewer().agent?.id;
  const acts = useActs(conversation.id);
  const tellProblem = useTellProblem();
  const { assignee, mergedInto, state } = conversation;
  const isMine = state === "WITH_PERSON" && assignee?.id === me;
  const isOthers = state === "WITH_PERSON" && !isMine;
  const hint = mergedInto ? t("merged") : isOthers ? t("others", { name: assignee?.name ?? "" }) : t("keys");
  return {
    hint,
    isBusy: acts.isBusy,
    isPossible: !mergedInto && !isOthers,
    deed: isMine || isOthers || mergedInto ? "send" : state === "RESOLVED" ? "reopenAndSend" : "takeOverAndSend",
    prepare: async (): Promise<boolean> => {
      if (isMine) return true;
      if (isOthers || mergedInto) return false;
      return await (state === "RESOLVED" ? acts.reopenForMe() : acts.takeOver()).then(
        () => true,
        (error: unknown) => {
          tellProblem(error);
          return false;
        },
      );
    },
  };
}

interface Drafts {
  readonly reply: Draft;
  readonly note: Draft;
}

/** Words that could not be sent come back to where they were typed, before what was typed since. */
function useReturned(edited: ComposerProps["edited"], setKind: (kind: Kind) => void, drafts: Drafts): void {
  const put = useRef(drafts);
  useEffect(() => {
    put.current = drafts;
  });
  useEffect(() => {
    if (!edited) return;
    const [text, setText] = put.current[edited.kind];
    setText(text ? `${edited.text}\n\n${text}` : edited.text);
    setKind(edited.kind);
  }, [edited, setKind]);
}

function useKeys({ focus, suggest }: { focus: (kind: Kind) => void; suggest: () => void }): void {
  const t = useTranslations("composer");
  const group = t("group");
  useCommands([
    { id: "composer.reply", title: t("reply"), group, keys: "r", run: () => focus("reply") },
    { id: "composer.note", title: t("note"), group, keys: "n", run: () => focus("note") },
    {
      id: "composer.suggest",
      title: t("suggest"),
      group,
      keys: "s",
      run: () => {
        focus("reply");
        suggest();
      },
    },
  ]);
}
