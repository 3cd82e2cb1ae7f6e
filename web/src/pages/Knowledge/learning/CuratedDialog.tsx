/** A curated answer is written: ways of asking, one a line, and the words that are said. */
import { useState } from "react";
import { graphql } from "react-relay";
import { useTranslations } from "use-intl";
import type { CuratedDialogChangeMutation } from "~/__generated__/CuratedDialogChangeMutation.graphql";
import type { CuratedDialogCreateMutation } from "~/__generated__/CuratedDialogCreateMutation.graphql";
import { Refusal, useChange } from "~/changes";
import { FormDialog } from "~/components/Dialog";
import { TextField } from "~/components/Field";
import { lines } from "../article/draft";
import type { CuratedAnswerData } from "./CuratedAnswer";

interface Props {
  /** Null for a new one. */
  readonly answer: CuratedAnswerData | null;
  /** What a new one is to answer. */
  readonly question: string;
  readonly connection: string;
  readonly onClose: () => void;
}

export function CuratedDialog({ answer, question, connection, onClose }: Props) {
  const t = useTranslations("knowledge.curated");
  const act = useTranslations("app.act");
  const [asked, setAsked] = useState(answer?.questions.join("\n") ?? question);
  const [text, setText] = useState(answer?.text ?? "");
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  const { save, isBusy } = useSave(answer, connection);
  const submit = (): Promise<unknown> =>
    save(lines(asked), text).catch((error: unknown) => {
      if (error instanceof Refusal) setRefusal(error);
      throw error;
    });
  return (
    <FormDialog
      isOpen
      size="wide"
      title={t(answer ? "change" : "create")}
      submit={answer ? undefined : act("create")}
      isBusy={isBusy}
      isDisabled={lines(asked).length === 0 || text.trim() === ""}
      onSubmit={submit}
      onClose={onClose}
    >
      <TextField
        label={t("questions")}
        hint={t("questionsHint")}
        value={asked}
        onChange={setAsked}
        problem={refusal?.of("questions")}
        lines={4}
        autoFocus
      />
      <TextField
        label={t("text")}
        hint={t("textHint")}
        value={text}
        onChange={setText}
        problem={refusal?.of("text")}
        lines={6}
      />
    </FormDialog>
  );
}

interface Saving {
  save(questions: string[], text: string): Promise<unknown>;
  readonly isBusy: boolean;
}

function useSave(answer: CuratedAnswerData | null, connection: string): Saving {
  const [create, isCreating] = useChange<CuratedDialogCreateMutation>(graphql`
    mutation CuratedDialogCreateMutation($input: CreateCuratedAnswerInput!, $connections: [ID!]!) {
      createCuratedAnswer(input: $input) {
        ... on CreateCuratedAnswerSuccess {
          curatedAnswer @prependNode(connections: $connections, edgeTypeName: "CuratedAnswerListEdge") {
            id
            ...CuratedAnswer_answer
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
  const [change, isChanging] = useChange<CuratedDialogChangeMutation>(graphql`
    mutation CuratedDialogChangeMutation($input: ChangeCuratedAnswerInput!) {
      changeCuratedAnswer(input: $input) {
        ... on ChangeCuratedAnswerSuccess {
          curatedAnswer {
            id
            ...CuratedAnswer_answer
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
  const save = (questions: string[], text: string): Promise<unknown> =>
    answer
      ? change({
          input: {
            curatedAnswerId: answer.id,
            questions,
            text,
            articleIds: answer.articles.map((article) => article.id),
          },
        })
      : create({ input: { questions, text }, connections: [connection] });
  return { save, isBusy: isCreating || isChanging };
}
