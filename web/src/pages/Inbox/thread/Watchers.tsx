/** Who else is there: their faces above the conversation, and who is typing beneath it. */
import { useRef } from "react";
import { Button } from "react-aria-components";
import { useTranslations } from "use-intl";
import { Avatar } from "~/components/Badge";
import { useTip } from "~/components/floating/useTip";
import { type Person, present } from "./live/signals";

/** Faces beyond so many are a number. */
const MOST = 4;

export function Watchers({ people: all }: { readonly people: readonly Person[] }) {
  const t = useTranslations("conversation.others");
  const button = useRef<HTMLButtonElement>(null);
  const people = present(all, Date.now());
  const names = people.map((person) => person.name ?? t("customer"));
  const words = t("watching", { count: people.length, names: names.join(", ") });
  const { triggerProps, tip } = useTip(words, button);
  if (people.length === 0) return null;
  return (
    <>
      <Button
        {...triggerProps}
        ref={button}
        aria-label={words}
        className="flex cursor-default items-center rounded-full p-0.5"
      >
        {names.slice(0, MOST).map((name) => (
          <span key={name} className="-ms-1.5 rounded-full ring-2 ring-surface first:ms-0">
            <Avatar name={name} size={22} />
          </span>
        ))}
        {names.length > MOST && <span className="ms-1 text-ink-muted text-xs">+{names.length - MOST}</span>}
      </Button>
      {tip}
    </>
  );
}

/** Keeps its line free, so that nothing moves when somebody begins. */
export function Typing({ people }: { readonly people: readonly Person[] }) {
  const t = useTranslations("conversation.others");
  const names = people
    .filter((person) => person.typingUntil > Date.now())
    .map((person) => person.name ?? t("customer"));
  return (
    <p className="h-5 truncate px-4 text-ink-faint text-xs">
      {names.length > 0 && t("typing", { count: names.length, names: names.join(", ") })}
    </p>
  );
}
