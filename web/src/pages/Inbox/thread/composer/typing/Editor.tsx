/** Where one types: grows with the words, offers what a sign asks for, takes files that are dropped or pasted. */
import { lazy, type Ref, Suspense, useRef, useState } from "react";
import { cx } from "~/components/style";
import type { Named } from "../sending/outbox";
import type { KeyTaker } from "./Picker";
import { replaced, type Trigger, triggerAt } from "./trigger";

const Picker = lazy(() => import("./Picker"));

interface EditorProps {
  readonly label: string;
  readonly placeholder: string;
  readonly text: string;
  readonly signs: readonly string[];
  readonly isReadOnly: boolean;
  readonly field: Ref<HTMLTextAreaElement>;
  readonly onChange: (text: string) => void;
  readonly onSend: () => void;
  readonly onFiles: (files: Iterable<File>) => void;
  /** Somebody was named; a macro was chosen. */
  readonly onPick: (sign: "/" | "@", choice: Named) => void;
}

export function Editor(props: EditorProps) {
  const { label, placeholder, text, signs, isReadOnly, field, onChange, onSend, onFiles, onPick } = props;
  const [trigger, setTrigger] = useState<Trigger | null>(null);
  const [marked, setMarked] = useState<string>();
  const keys = useRef<KeyTaker | null>(null);
  const inner = useRef<HTMLTextAreaElement | null>(null);
  const look = (): void => {
    const { value = "", selectionEnd = 0 } = inner.current ?? {};
    setTrigger(isReadOnly ? null : triggerAt(value, selectionEnd, signs));
  };
  const pick = (choice: Named): void => {
    if (!trigger) return;
    const next = replaced(text, trigger, trigger.sign === "@" ? `@${choice.name} ` : "");
    onChange(next.text);
    onPick(trigger.sign, choice);
    setTrigger(null);
    requestAnimationFrame(() => {
      // Whoever types on at once has the caret where it belongs.
      if (inner.current?.value === next.text) inner.current.setSelectionRange(next.caret, next.caret);
    });
  };
  const press = (event: React.KeyboardEvent): void => {
    if (event.nativeEvent.isComposing) return;
    if (event.key === "Enter" && (event.metaKey || event.ctrlKey)) onSend();
    else if (trigger && keys.current?.(event.key)) event.stopPropagation();
    else if (event.key !== "Escape") return;
    else if (trigger) setTrigger(null);
    else inner.current?.blur();
    event.preventDefault();
  };
  return (
    <>
      {trigger && (
        <Suspense fallback={null}>
          <Picker sign={trigger.sign} query={trigger.query} keys={keys} onMark={setMarked} onPick={pick} />
        </Suspense>
      )}
      <textarea
        ref={(element) => {
          inner.current = element;
          if (typeof field === "function") field(element);
          else if (field) field.current = element;
        }}
        aria-label={label}
        placeholder={placeholder}
        value={text}
        readOnly={isReadOnly}
        aria-autocomplete="list"
        aria-activedescendant={trigger ? marked : undefined}
        rows={2}
        onChange={(event) => onChange(event.target.value)}
        onSelect={look}
        onBlur={() => setTrigger(null)}
        onKeyDown={press}
        onPaste={(event) => {
          if (event.clipboardData.files.length === 0) return;
          event.preventDefault();
          onFiles(event.clipboardData.files);
        }}
        className={cx(
          "field-sizing-content max-h-[40dvh] min-h-16 w-full resize-none bg-transparent px-3 py-2 outline-none placeholder:text-ink-faint",
          isReadOnly && "text-ink-muted",
        )}
      />
    </>
  );
}
