/** @jsxImportSource preact */
/** Small forms inside a conversation: an address for the answer, a code that proves who somebody is. */
import type { JSX } from "preact";
import { useId, useState } from "preact/hooks";
import { useWords } from "../messages";
import { Problem, useAct, useParts } from "./parts";

interface Props {
  readonly label: string;
  readonly send: string;
  readonly hint?: string;
  readonly field: JSX.IntrinsicElements["input"];
  readonly submit: (value: string) => Promise<void>;
}

function OneField({ label, send, hint, field, submit }: Props): JSX.Element {
  const id = useId();
  const [value, setValue] = useState("");
  const { isRunning, problem, run } = useAct();
  return (
    <form
      class="mt-2 space-y-1.5"
      onSubmit={(event) => {
        event.preventDefault();
        if (value.trim()) run(() => submit(value.trim()));
      }}
    >
      {hint && <p class="text-xs text-ink-muted">{hint}</p>}
      <label for={id} class="sr-only">
        {label}
      </label>
      <div class="flex gap-2">
        <input
          id={id}
          {...field}
          required
          placeholder={label}
          value={value}
          onInput={(event) => setValue(event.currentTarget.value)}
          class="h-9 min-w-0 flex-1 rounded-lg border border-line-strong bg-surface px-3 text-base panel:text-sm"
        />
        <button
          type="submit"
          disabled={isRunning}
          class="h-9 rounded-lg bg-accent px-3 text-sm font-medium text-on-accent"
        >
          {send}
        </button>
      </div>
      <Problem text={problem} />
    </form>
  );
}

export function EmailForm(): JSX.Element {
  const { chat, acts } = useParts();
  const words = useWords();
  if (chat.email)
    return (
      <p role="status" class="text-xs text-ink-muted">
        {words.email.left(chat.email)}
      </p>
    );
  return (
    <OneField
      label={words.email.label}
      hint={words.email.hint}
      send={words.email.send}
      field={{ type: "email", autoComplete: "email", maxLength: 254 }}
      submit={(address) => acts.leaveEmail(address)}
    />
  );
}

export function CodeForm(): JSX.Element {
  const { acts } = useParts();
  const words = useWords();
  return (
    <OneField
      label={words.code.label}
      send={words.code.send}
      field={{ inputMode: "numeric", autoComplete: "one-time-code", maxLength: 20 }}
      submit={(code) => acts.verify(code)}
    />
  );
}
