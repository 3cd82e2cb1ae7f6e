/** Why a condition was true or not, test by test, in the words of the editor. */
import { Check, X } from "lucide-react";
import { useTranslations } from "use-intl";
import { type Things, useFactWords } from "./facts";
import { innerId, reasonOf } from "./reason";

interface ReasonsProps {
  readonly lines: readonly string[];
  readonly things: Things | null;
}

export function Reasons({ lines, things }: ReasonsProps) {
  if (lines.length === 0) return null;
  return (
    <ul className="flex flex-col gap-0.5 text-ink-muted text-xs">
      {lines.map((line) => (
        <Line key={line} line={line} things={things} />
      ))}
    </ul>
  );
}

function Line({ line, things }: { readonly line: string; readonly things: Things | null }) {
  const t = useTranslations("automation");
  const yesNo = useTranslations("desk.value");
  const words = useFactWords();
  const reason = reasonOf(line);
  if (!reason) return <li className="[overflow-wrap:anywhere]">{line}</li>;
  const named = (values: string): string =>
    values
      .split(", ")
      .map((value) => nameIn(things, value) ?? words.choice(reason.fact, value))
      .map((value) => (value === "True" ? yesNo("yes") : value === "False" ? yesNo("no") : value))
      .join(", ");
  const fact = things?.facts.find(({ name }) => name === reason.fact)?.label ?? words.fact(reason.fact);
  const Icon = reason.isTrue ? Check : X;
  return (
    <li className="flex items-start gap-1.5">
      <Icon size={14} aria-label={yesNo(reason.isTrue ? "yes" : "no")} className="mt-0.5 shrink-0 text-ink-faint" />
      <span className="[overflow-wrap:anywhere]">
        {t("reason", {
          fact,
          operator: t(`operators.${reason.operator as "is"}`),
          wanted: reason.operator === "exists" ? "" : named(reason.wanted),
          was: reason.was ? named(reason.was) : yesNo("none"),
        })}
      </span>
    </li>
  );
}

/** What somebody calls the tag, inbox or agent of an id. */
function nameIn(things: Things | null, id: string): string | undefined {
  const all = things ? [...things.tags, ...things.agents, ...things.inboxes] : [];
  return all.find((choice) => innerId(choice.id) === id)?.label;
}
