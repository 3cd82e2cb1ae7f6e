/** What is offered while a sign is typed: macros behind "/", colleagues behind "@". The caret stays in the text. */
import { type RefObject, useEffect, useState } from "react";
import { graphql, useLazyLoadQuery } from "react-relay";
import { useTranslations } from "use-intl";
import type { PickerAgentsQuery } from "~/__generated__/PickerAgentsQuery.graphql";
import type { PickerMacrosQuery } from "~/__generated__/PickerMacrosQuery.graphql";
import { Avatar } from "~/components/Badge";
import { cx, POPUP } from "~/components/style";
import type { Named } from "../sending/outbox";
import { fits } from "./trigger";

/** Tried with each key first; true where it was meant for the list. */
export type KeyTaker = (key: string) => boolean;

export interface PickerProps {
  readonly sign: "/" | "@";
  readonly query: string;
  readonly keys: RefObject<KeyTaker | null>;
  /** The id of the marked option, for the text's `aria-activedescendant`. */
  readonly onMark: (option: string | undefined) => void;
  readonly onPick: (choice: Named) => void;
}

/** So many are enough to choose from; typing narrows them. */
const SHOWN = 8;

export default function Picker(props: PickerProps) {
  return props.sign === "/" ? <Macros {...props} /> : <Agents {...props} />;
}

function Macros(props: PickerProps) {
  const { macros } = useLazyLoadQuery<PickerMacrosQuery>(
    graphql`
      query PickerMacrosQuery {
        macros {
          id
          name
          text
        }
      }
    `,
    {},
    { fetchPolicy: "store-and-network" },
  );
  return <Choices {...props} choices={macros.map(({ id, name, text }) => ({ id, name, detail: text }))} />;
}

function Agents(props: PickerProps) {
  const { agents } = useLazyLoadQuery<PickerAgentsQuery>(
    graphql`
      query PickerAgentsQuery {
        agents(first: 100) {
          nodes {
            id
            name
            suspendedAt
          }
        }
      }
    `,
    {},
    { fetchPolicy: "store-and-network" },
  );
  const there = agents.nodes.filter((agent) => !agent.suspendedAt);
  return (
    <Choices {...props} choices={there.map(({ id, name }) => ({ id, name, mark: <Avatar name={name} size={20} /> }))} />
  );
}

interface Choice extends Named {
  readonly detail?: string | null;
  readonly mark?: React.ReactNode;
}

function Choices({
  sign,
  query,
  keys,
  onMark,
  onPick,
  choices,
}: PickerProps & { readonly choices: readonly Choice[] }) {
  const t = useTranslations("composer.picker");
  const found = choices.filter((choice) => fits(choice.name, query)).slice(0, SHOWN);
  const [at, setAt] = useState(0);
  const marked = found[Math.min(at, found.length - 1)];
  useEffect(() => {
    keys.current = (key) => {
      if (!marked) return false;
      if (key === "ArrowDown" || key === "ArrowUp") {
        const step = key === "ArrowDown" ? 1 : -1;
        setAt((before) => (Math.min(before, found.length - 1) + step + found.length) % found.length);
        return true;
      }
      if (key !== "Enter" && key !== "Tab") return false;
      onPick(marked);
      return true;
    };
    onMark(marked && optionOf(marked));
    return () => {
      keys.current = null;
      onMark(undefined);
    };
  });
  return (
    <div className={cx(POPUP, "absolute inset-x-3 bottom-full z-10 mb-1 max-h-64")}>
      {found.length === 0 ? (
        <p className="px-2 py-1.5 text-ink-muted">{t(sign === "/" ? "noMacros" : "noAgents")}</p>
      ) : (
        <div role="listbox" id={LIST} aria-label={t(sign === "/" ? "macros" : "agents")}>
          {found.map((choice) => (
            <div
              key={choice.id}
              id={optionOf(choice)}
              role="option"
              tabIndex={-1}
              aria-selected={choice === marked}
              onPointerDown={(event) => {
                event.preventDefault();
                onPick(choice);
              }}
              className={cx("flex min-h-8 items-center gap-2 rounded-md px-2 py-1", choice === marked && "bg-hover")}
            >
              {choice.mark}
              <span className="shrink-0">{choice.name}</span>
              {choice.detail && <span className="min-w-0 truncate text-ink-faint text-xs">{choice.detail}</span>}
            </div>
          ))}
        </div>
      )}
    </div>
  );
}

export const LIST = "composer-choices";

function optionOf(choice: Named): string {
  return `composer-choice-${choice.id}`;
}
