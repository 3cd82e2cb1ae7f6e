/** @jsxImportSource preact */
/** How it went, asked where it happened. */
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { useWords } from "../messages";
import type { Conversation } from "../reading/transcript";
import { Icon } from "./icons";
import { Problem, useAct, useParts } from "./parts";

type Survey = NonNullable<Conversation["survey"]>;

const LONGEST = 1_000;

export function SurveyCard({ survey }: { readonly survey: Survey }): JSX.Element {
  const { acts } = useParts();
  const words = useWords();
  const { isRunning, problem, run } = useAct();
  const [score, setScore] = useState(survey.score ?? 0);
  const [comment, setComment] = useState("");
  if (survey.score)
    return (
      <p role="status" class="mt-3 rounded-xl bg-accent-soft p-3 text-center text-sm">
        {words.survey.thanks}
      </p>
    );
  return (
    <form
      class="mt-3 space-y-3 rounded-xl border border-line p-3"
      onSubmit={(event) => {
        event.preventDefault();
        run(() => acts.answerSurvey(survey.id, score, comment));
      }}
    >
      <fieldset>
        <legend class="mb-2 w-full text-center text-sm font-medium">{words.survey.title}</legend>
        <Scores score={score} choose={setScore} />
      </fieldset>
      {score > 0 && (
        <>
          <textarea
            aria-label={words.survey.comment}
            placeholder={words.survey.comment}
            rows={2}
            maxLength={LONGEST}
            value={comment}
            onInput={(event) => setComment(event.currentTarget.value)}
            class="w-full resize-none rounded-lg border border-line-strong bg-surface px-3 py-2 text-base panel:text-sm"
          />
          <button
            type="submit"
            disabled={isRunning}
            class="h-9 w-full rounded-lg bg-accent px-3 text-sm font-medium text-on-accent disabled:opacity-50"
          >
            {words.survey.send}
          </button>
        </>
      )}
      <Problem text={problem} />
    </form>
  );
}

function Scores({ score, choose }: { readonly score: number; readonly choose: (score: number) => void }): JSX.Element {
  const words = useWords();
  return (
    <div class="flex justify-center gap-1">
      {words.survey.scores.map((name, at) => (
        <label
          key={name}
          title={name}
          class="grid size-11 cursor-pointer place-items-center rounded-xl text-ink-muted hover:bg-hover has-focus-visible:outline-2 has-focus-visible:outline-ink"
        >
          <input
            type="radio"
            name="score"
            class="sr-only"
            aria-label={name}
            checked={score === at + 1}
            onChange={() => choose(at + 1)}
          />
          <Icon name="star" size={26} isFull={at < score} class={at < score ? "text-ink" : ""} />
        </label>
      ))}
    </div>
  );
}
