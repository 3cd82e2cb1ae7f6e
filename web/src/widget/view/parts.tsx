/** @jsxImportSource preact */
/** Small parts that the views share: buttons, acts that can fail, texts in Markdown. */
import { Component, createContext, h, type JSX, type VNode } from "preact";
import { useContext, useState } from "preact/hooks";
import { render } from "~/components/text/markdown";
import { NetworkError } from "~/graphql";
import { useWords } from "../messages";
import type { Acts } from "../state/acts";
import type { Chat, ChatState } from "../state/chat";
import { useStore } from "../state/store";
import type { Visit } from "../state/visit";
import { Icon } from "./icons";

/** What all views know. */
export interface Parts {
  readonly chat: Chat;
  readonly acts: Acts;
  readonly visit: Visit;
}

const Known = createContext<Parts | undefined>(undefined);
export const PartsProvider = Known.Provider;

export function useParts(): Parts {
  const parts = useContext(Known);
  if (!parts) throw new Error("There is no chat outside <PartsProvider>.");
  return parts;
}

export function useChat(): ChatState {
  return useStore(useParts().chat.state);
}

interface Act {
  readonly isRunning: boolean;
  readonly problem?: string;
  run(act: () => Promise<void>): void;
}

/** Something that is done on a click, once at a time, with what is wrong where it happened. */
export function useAct(): Act {
  const words = useWords();
  const [isRunning, setRunning] = useState(false);
  const [problem, setProblem] = useState<string>();
  const run = (act: () => Promise<void>): void => {
    if (isRunning) return;
    setRunning(true);
    setProblem(undefined);
    act()
      .catch((error: Error) => setProblem(error instanceof NetworkError ? words.problem.failed : error.message))
      .finally(() => setRunning(false));
  };
  return { isRunning, problem, run };
}

type ButtonProps = Omit<JSX.IntrinsicElements["button"], "icon"> & {
  readonly icon: Parameters<typeof Icon>[0]["name"];
  readonly label: string;
};

/** A button that is an icon; its name is for screen readers and whoever rests on it. */
export function IconButton({ icon, label, class: extra = "", ...rest }: ButtonProps): JSX.Element {
  return (
    <button
      type="button"
      aria-label={label}
      title={label}
      class={`grid size-8 shrink-0 place-items-center rounded-lg transition-colors disabled:opacity-40 ${extra}`}
      {...rest}
    >
      <Icon name={icon} size={18} />
    </button>
  );
}

export function Problem({ text }: { readonly text?: string }): JSX.Element | null {
  return text ? (
    <p role="alert" class="text-xs text-danger">
      {text}
    </p>
  ) : null;
}

/** A text in Markdown, parsed again only when it is another one. */
export class Markdown extends Component<{ readonly text: string }> {
  override shouldComponentUpdate(next: { readonly text: string }): boolean {
    return next.text !== this.props.text;
  }

  override render({ text }: { readonly text: string }): JSX.Element {
    return <div class="prose">{render<VNode>(text, h as never)}</div>;
  }
}
