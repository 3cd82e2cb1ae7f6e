/** Words in Markdown whose numbers in brackets lead to the sources they name. */
import { lazy, memo, type ReactNode, Suspense } from "react";
import { Button } from "react-aria-components";
import { useTranslations } from "use-intl";
import { type Source, useSheets } from "../../sheets/sheets";

export interface AnswerProps {
  readonly text: string;
  readonly citations: readonly Source[];
}

const Marked = lazy(() => import("./Marked"));

const NUMBER = /\[(\d{1,2})\]/;
/** What could mean something in Markdown; without it a text is its paragraphs, and needs no parser. */
const MARKS = /[*_`#<>|~\\&]|!\[|\]\(|\]:|^\s*(?:[-+=]|\d+[.)])|^ {4}|^\t| {2}$|\bhttps?:/m;

export const Answer = memo(function Answer({ text, citations }: AnswerProps) {
  const plain = (
    <div className="prose">
      {text.split(/\n\s*\n/).map((paragraph, at) => (
        <p key={at}>{linked(paragraph, citations)}</p>
      ))}
    </div>
  );
  if (!MARKS.test(text)) return plain;
  return (
    <Suspense fallback={plain}>
      <Marked text={text} citations={citations} />
    </Suspense>
  );
});

/** A text's parts between its citations, and a button for each of them that there is. */
export function linked(text: string, citations: readonly Source[]): ReactNode[] {
  return text.split(NUMBER).map((part, at) => {
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
