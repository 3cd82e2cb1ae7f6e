/** Where an article is written: Markdown on one side, what readers will see on the other; nothing typed is lost. */
import { useDeferredValue, useEffect, useState } from "react";
import { graphql, useFragment } from "react-relay";
import { useTranslations } from "use-intl";
import type { Editor_version$key } from "~/__generated__/Editor_version.graphql";
import type { EditorMutation } from "~/__generated__/EditorMutation.graphql";
import { Refusal, useChange } from "~/changes";
import { Button } from "~/components/Button";
import { Select } from "~/components/Choice";
import { Notice, Problem } from "~/components/Feedback";
import { TextField } from "~/components/Field";
import { tell } from "~/components/Toast";
import { Markdown } from "~/components/text/Markdown";
import { differs, forget, keep, lines, recall, type Writing } from "./draft";

interface Props {
  readonly articleId: string;
  /** The newest version: what is written goes on from it. */
  readonly version: Editor_version$key;
}

export function Editor({ articleId, version: key }: Props) {
  const t = useTranslations("knowledge");
  const act = useTranslations("app.act");
  const version = useFragment(
    graphql`
      fragment Editor_version on ArticleVersion {
        number
        title
        body
        questions
        audience
        link
      }
    `,
    key,
  );
  const { title, body, questions, audience, link } = version;
  const stored: Writing = { title, body, questions, audience, link: link ?? "" };
  const [kept] = useState(() => recall(articleId, stored));
  const [writing, setWriting] = useState(kept?.writing ?? stored);
  const [basedOn, setBasedOn] = useState(kept?.basedOn ?? version.number);
  const { save, isBusy, problem } = useSave(articleId);
  const isChanged = differs(writing, stored);
  const preview = useDeferredValue(writing.body);
  const write = (change: Partial<Writing>): void => {
    const next = { ...writing, ...change };
    setWriting(next);
    keep(articleId, { basedOn, writing: next });
  };
  const discard = (): void => {
    forget(articleId);
    setWriting(stored);
    setBasedOn(version.number);
  };
  const submit = (): void => {
    if (isChanged && !isBusy) void save(writing, basedOn).then((isSaved) => isSaved && tell(t("articles.saved")));
  };
  useSaveKey(submit);
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      {basedOn < version.number && (
        <Notice tone="warning" className="m-3 mb-0">
          {t("articles.moved", { number: version.number })}{" "}
          <button type="button" className="font-semibold underline" onClick={() => setBasedOn(version.number)}>
            {t("articles.overwrite")}
          </button>{" "}
          <button type="button" className="font-semibold underline" onClick={discard}>
            {t("articles.discard")}
          </button>
        </Notice>
      )}
      <div className="grid min-h-0 flex-1 grid-cols-1 overflow-y-auto lg:grid-cols-2 lg:overflow-hidden">
        <div className="flex flex-col gap-4 p-4 lg:overflow-y-auto">
          <Fields writing={writing} onWrite={write} problem={problem} />
        </div>
        <section
          aria-label={t("articles.preview")}
          className="border-line bg-surface p-6 max-lg:border-t lg:overflow-y-auto lg:border-s"
        >
          <Markdown text={preview} className="max-w-prose" />
        </section>
      </div>
      {(isChanged || problem !== null) && (
        <div className="flex flex-wrap items-center justify-end gap-3 border-line border-t bg-surface px-4 py-2">
          <div className="min-w-0 flex-1">
            <Problem of={problem} />
          </div>
          <Button look="quiet" onPress={discard}>
            {t("articles.discard")}
          </Button>
          <Button look="primary" isBusy={isBusy} onPress={submit}>
            {act("save")}
          </Button>
        </div>
      )}
    </div>
  );
}

interface FieldsProps {
  readonly writing: Writing;
  readonly onWrite: (change: Partial<Writing>) => void;
  readonly problem: unknown;
}

function Fields({ writing, onWrite, problem }: FieldsProps) {
  const t = useTranslations("knowledge");
  const of = (path: string): string | undefined => (problem instanceof Refusal ? problem.of(path) : undefined);
  const [asked, setAsked] = useState(writing.questions.join("\n"));
  const audiences = (["EVERYONE", "INTERNAL"] as const).map((id) => ({ id, label: t(`audience.${id}`) }));
  return (
    <>
      <TextField
        label={t("field.title")}
        value={writing.title}
        onChange={(title) => onWrite({ title })}
        problem={of("title")}
      />
      <TextField
        label={t("field.body")}
        hint={t("field.bodyHint")}
        value={writing.body}
        onChange={(body) => onWrite({ body })}
        problem={of("body")}
        lines={18}
        className="[&_textarea]:font-mono [&_textarea]:text-[0.8125rem]"
      />
      <div className="grid gap-4 sm:grid-cols-2">
        <Select
          label={t("field.audience")}
          value={writing.audience}
          onChange={(audience) => onWrite({ audience })}
          choices={audiences}
        />
        <TextField
          label={t("field.link")}
          type="url"
          placeholder="https://"
          value={writing.link}
          onChange={(link) => onWrite({ link })}
          problem={of("link")}
        />
      </div>
      <TextField
        label={t("field.questions")}
        hint={t("field.questionsHint")}
        value={asked}
        onChange={(text) => {
          setAsked(text);
          onWrite({ questions: lines(text) });
        }}
        problem={of("questions")}
        lines={4}
      />
    </>
  );
}

interface Saving {
  /** Whether it was saved; otherwise `problem` says why not. */
  save(writing: Writing, basedOn: number): Promise<boolean>;
  readonly isBusy: boolean;
  readonly problem: unknown;
}

function useSave(articleId: string): Saving {
  const [problem, setProblem] = useState<unknown>(null);
  const [edit, isBusy] = useChange<EditorMutation>(graphql`
    mutation EditorMutation($input: EditArticleInput!) {
      editArticle(input: $input) {
        ... on EditArticleSuccess {
          article {
            id
            title
            state
            number
            newestNumber
            audience
            link
            updatedAt
            body
            versions(first: 1) {
              nodes {
                id
                number
                ...Editor_version
              }
            }
          }
        }
        ... on InvalidInputError {
          fields {
            path
            message
          }
        }
        ... on Error {
          code
          message
        }
      }
    }
  `);
  const save = (writing: Writing, basedOn: number): Promise<boolean> => {
    setProblem(null);
    return edit({ input: { ...writing, questions: [...writing.questions], articleId, basedOn } }).then(
      () => {
        forget(articleId);
        return true;
      },
      (error: unknown) => {
        setProblem(error);
        return false;
      },
    );
  };
  return { save, isBusy, problem };
}

/** Ctrl+S and Cmd+S save, as everywhere. */
function useSaveKey(save: () => void): void {
  useEffect(() => {
    const pressed = (event: KeyboardEvent): void => {
      if (!(event.ctrlKey || event.metaKey) || event.key !== "s") return;
      event.preventDefault();
      save();
    };
    addEventListener("keydown", pressed);
    return () => removeEventListener("keydown", pressed);
  });
}
