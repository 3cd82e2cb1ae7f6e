/** @jsxImportSource preact */
/** The widget: a button, or what it opens. */
import type { JSX } from "preact";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { useWords } from "../messages";
import type { Host } from "../state/host";
import { Icon } from "./icons";
import { Panel } from "./Panel";
import { useChat, useParts } from "./parts";

export function App({ host }: { readonly host: Host }): JSX.Element {
  const { isOpen, isPages, announced } = useChat();
  const { chat } = useParts();
  const wasOpen = useRef(isOpen);
  useEffect(() => {
    const pressed = (event: KeyboardEvent): void => {
      if (event.key === "Escape" && !event.defaultPrevented) chat.close();
    };
    addEventListener("keydown", pressed);
    return () => removeEventListener("keydown", pressed);
  }, [chat]);
  const isReturning = wasOpen.current && !isOpen && !isPages;
  wasOpen.current = isOpen;
  return (
    <>
      {isOpen ? <Panel host={host} /> : <Launcher host={host} hasFocus={isReturning} />}
      <p class="sr-only" aria-live="polite">
        {announced}
      </p>
    </>
  );
}

function Launcher({ host, hasFocus }: { readonly host: Host; readonly hasFocus: boolean }): JSX.Element {
  const { unread } = useChat();
  const { chat } = useParts();
  const words = useWords();
  const around = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  useLayoutEffect(() => {
    const box = around.current;
    if (box) host.size(false, box.offsetWidth, box.offsetHeight);
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: focus returns once, when the panel has just gone
  useEffect(() => {
    if (hasFocus) button.current?.focus();
  }, []);
  const { launcherLabel } = chat.settings;
  const name = unread > 0 ? `${words.launcher.open}: ${words.launcher.unread(unread)}` : words.launcher.open;
  return (
    <div ref={around} class="fixed end-0 bottom-0 w-max p-4">
      <button
        ref={button}
        type="button"
        aria-label={launcherLabel ? `${launcherLabel}. ${name}` : name}
        onClick={() => chat.open()}
        class="relative flex h-14 min-w-14 items-center justify-center gap-2 rounded-full bg-accent px-4 font-medium text-on-accent shadow-launcher transition-transform hover:scale-105 active:scale-95"
      >
        <Icon name="chat" size={24} />
        {launcherLabel && <span class="pe-1 text-base">{launcherLabel}</span>}
        {unread > 0 && (
          <span
            aria-hidden="true"
            class="absolute -end-0.5 -top-0.5 grid h-5 min-w-5 place-items-center rounded-full border-2 border-surface bg-danger-fill px-1 text-2xs font-semibold text-white"
          >
            {unread > 9 ? "9+" : unread}
          </span>
        )}
      </button>
    </div>
  );
}
