/** Finding anything by its words: messages, notes, customers, articles. The address holds what is asked. */
import { Search as SearchIcon } from "lucide-react";
import { type KeyboardEvent, Suspense, useDeferredValue, useMemo, useRef, useState } from "react";
import { useTranslations } from "use-intl";
import { useCommands } from "~/app/commands";
import { useSearchParams } from "~/app/navigation";
import { EmptyState, Skeleton } from "~/components/Feedback";
import { SearchField } from "~/components/Field";
import { Page } from "~/components/Page";
import { cx } from "~/components/style";
import { type Asked, fromParams, isEnough, TYPES, toParams, variablesOf } from "./asked";
import { Filters } from "./Filters";
import { Found } from "./Found";

export default function Search() {
  const t = useTranslations("search");
  const [params, setParams] = useSearchParams();
  const asked = useMemo(() => fromParams(params), [params]);
  const [words, setWords] = useState(asked.words);
  const frame = useRef<HTMLDivElement>(null);
  const wanted = useDeferredValue(asked);
  // Another search has no "further back" yet.
  const change = (part: Partial<Asked>): void =>
    setParams(toParams({ ...asked, before: "", ...part }), { replace: true });
  const type = (text: string): void => {
    setWords(text);
    change({ words: text });
  };
  useCommands([
    {
      id: "search.field",
      title: t("focus"),
      group: t("title"),
      keys: "/",
      run: () => frame.current?.querySelector("input")?.focus(),
    },
  ]);
  return (
    <Page title={t("title")} width="wide">
      {/* biome-ignore lint/a11y/noStaticElementInteractions: arrow keys go from hit to hit; each is a link of its own */}
      <div ref={frame} className="flex flex-col gap-4" onKeyDown={(event) => walk(event, frame.current)}>
        <search className="flex flex-col gap-3">
          <SearchField label={t("label")} value={words} onChange={type} maxLength={200} autoFocus />
          <Types asked={asked} onChange={change} />
          <Suspense fallback={<Skeleton lines={1} />}>
            <Filters asked={asked} onChange={change} />
          </Suspense>
        </search>
        {isEnough(wanted) ? (
          <Suspense fallback={<Skeleton lines={10} className="pt-4" />}>
            <div className={cx("transition-opacity", wanted !== asked && "opacity-60")}>
              <Found variables={variablesOf(wanted)} onChange={change} />
            </div>
          </Suspense>
        ) : (
          <EmptyState icon={SearchIcon} title={t("start")} hint={t("startHint")} />
        )}
      </div>
    </Page>
  );
}

interface TypesProps {
  readonly asked: Asked;
  readonly onChange: (part: Partial<Asked>) => void;
}

function Types({ asked, onChange }: TypesProps) {
  const t = useTranslations("search");
  return (
    <fieldset className="flex flex-wrap gap-1">
      <legend className="sr-only">{t("types")}</legend>
      {(["", ...TYPES] as const).map((type) => (
        <button
          key={type}
          type="button"
          aria-pressed={asked.type === type}
          onClick={() => onChange({ type })}
          className={cx(
            "min-h-8 rounded-full px-3 text-sm",
            asked.type === type ? "bg-accent-soft font-medium text-accent-ink" : "text-ink-muted hover:bg-hover",
          )}
        >
          {t(`type.${type || "all"}`)}
        </button>
      ))}
    </fieldset>
  );
}

/** The arrow keys lead from the field into the hits, from one to the next, and back. */
function walk(event: KeyboardEvent, frame: HTMLElement | null): void {
  const isDown = event.key === "ArrowDown";
  if (!frame || !(isDown || event.key === "ArrowUp")) return;
  const field = frame.querySelector<HTMLElement>("input");
  const stops = [...(field ? [field] : []), ...frame.querySelectorAll<HTMLElement>("a[data-hit]")];
  const at = stops.findIndex((stop) => document.activeElement?.isSameNode(stop));
  const next = at < 0 ? undefined : stops[at + (isDown ? 1 : -1)];
  if (!next) return;
  event.preventDefault();
  next.focus();
}
