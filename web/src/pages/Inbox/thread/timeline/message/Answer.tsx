/** Words in Markdown whose numbers in brackets lead to the sources they name. */
import { createElement, memo, type ReactElement, type ReactNode } from "react";
import { Button } from "react-aria-components";
import { useTranslations } from "use-intl";
import { render } from "~/components/markdown";
import { type Source, useSheets } from "../../sheets/sheets";

interface AnswerProps {
  readonly text: string;
  readonly citations: readonly Source[];
}

const NUMBER = /\[(\d{1,2})\]/;

export const Answer = memo(function Answer({ text, citations }: AnswerProps) {
  const make = (type: string, props: Record<string, unknown> | null, ...children: (ReactElement | string)[]) =>
    createElement(type, props, ...(type === "code" ? children : children.flatMap((child) => linked(child, citations))));
  return <div className="prose">{render<ReactElement>(text, make)}</div>;
});

/** The parts of a text between its citations, and a button for each of them that there is. */
function linked(child: ReactElement | string, citations: readonly Source[]): ReactNode[] {
  if (typeof child !== "string") return [child];
  return child.split(NUMBER).map((part, at) => {
    if (at % 2 === 0) return part;
    const source = citations[Number(part) - 1];
    return source ? <Cited key={`cited ${at}`} number={Number(part)} source={source} /> : `[${part}]`;
  });
}

export function Cited({ number, source }: { readonly number: number; readonly source: Source }) {
  const t = useTranslations("conversation.sources");
  const { open } = useSheets();
  return (
    <Button
      aria-label={t("open", { number: `${number}`, title: source.title })}
      onPress={() => open({ kind: "source", source })}
      className="mx-0.5 inline-flex size-4 items-center justify-center rounded bg-surface align-text-top font-semibold text-2xs text-assistant ring-1 ring-line hover:bg-hover"
    >
      {number}
    </Button>
  );
}

/** What an answer rests on, one chip for each source. */
export function Citations({ citations }: { readonly citations: readonly Source[] }) {
  const t = useTranslations("conversation.sources");
  const { open } = useSheets();
  if (citations.length === 0) return null;
  return (
    <ul aria-label={t("title")} className="mt-2 flex flex-wrap gap-1">
      {citations.map((source, at) => (
        <li key={source.passageId} className="min-w-0 max-w-full">
          <Button
            onPress={() => open({ kind: "source", source })}
            className="flex min-h-6 max-w-full items-center gap-1.5 rounded-md bg-surface px-1.5 text-ink-muted text-xs ring-1 ring-line hover:bg-hover hover:text-ink"
          >
            <span className="font-semibold text-assistant">{at + 1}</span>
            <span className="truncate">{source.title}</span>
          </Button>
        </li>
      ))}
    </ul>
  );
}
