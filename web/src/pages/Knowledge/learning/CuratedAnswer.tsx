/** One curated answer: how it is asked for, what is said, whether customers are told it. */
import { Pencil, Trash2 } from "lucide-react";
import { useState } from "react";
import { graphql, useFragment } from "react-relay";
import { useFormatter, useTranslations } from "use-intl";
import type { CuratedAnswer_answer$data, CuratedAnswer_answer$key } from "~/__generated__/CuratedAnswer_answer.graphql";
import type { CuratedAnswerDeleteMutation } from "~/__generated__/CuratedAnswerDeleteMutation.graphql";
import type { CuratedAnswerDisableMutation } from "~/__generated__/CuratedAnswerDisableMutation.graphql";
import type { CuratedAnswerEnableMutation } from "~/__generated__/CuratedAnswerEnableMutation.graphql";
import { useMay } from "~/app/viewer";
import { useChange } from "~/changes";
import { Badge } from "~/components/Badge";
import { IconButton } from "~/components/Button";
import { Switch } from "~/components/Choice";
import { ConfirmDialog } from "~/components/Dialog";
import { Notice } from "~/components/Feedback";
import { Section } from "~/components/Page";
import { useTellProblem } from "~/components/Toast";
import { Markdown } from "~/components/text/Markdown";

export type CuratedAnswerData = CuratedAnswer_answer$data;

interface Props {
  readonly answer: CuratedAnswer_answer$key;
  readonly connection: string;
  readonly onEdit: (answer: CuratedAnswerData) => void;
}

export function CuratedAnswer({ answer: key, connection, onEdit }: Props) {
  const t = useTranslations("knowledge.curated");
  const format = useFormatter();
  const mayManage = useMay("MANAGE_ASSISTANT");
  const answer = useFragment(
    graphql`
      fragment CuratedAnswer_answer on CuratedAnswer {
        id
        questions
        text
        enabled
        articles {
          id
          title
        }
        similar {
          similarity
          answer {
            id
            questions
          }
        }
      }
    `,
    key,
  );
  const near = answer.similar[0];
  return (
    <Section>
      <div className="flex items-start gap-3">
        <div className="min-w-0 flex-1">
          <h2 className="font-medium">{answer.questions[0]}</h2>
          {answer.questions.length > 1 && (
            <p className="text-ink-muted text-xs">{answer.questions.slice(1).join(" · ")}</p>
          )}
        </div>
        {mayManage ? <Acts answer={answer} connection={connection} onEdit={onEdit} /> : <State isOn={answer.enabled} />}
      </div>
      <Markdown text={answer.text} className="mt-2" />
      {answer.articles.length > 0 && (
        <p className="mt-2 text-ink-muted text-xs">
          {t("restsOn", { titles: answer.articles.map((article) => article.title).join(", ") })}
        </p>
      )}
      {near && near.similarity >= 0.8 && (
        <Notice tone="warning" className="mt-3">
          {t("alike", {
            question: near.answer.questions[0] ?? "",
            share: format.number(near.similarity, { style: "percent" }),
          })}
        </Notice>
      )}
    </Section>
  );
}

function State({ isOn }: { readonly isOn: boolean }) {
  const t = useTranslations("knowledge.curated");
  return <Badge tone={isOn ? "success" : "neutral"}>{t(isOn ? "on" : "off")}</Badge>;
}

function Acts({ answer, connection, onEdit }: Omit<Props, "answer"> & { readonly answer: CuratedAnswerData }) {
  const t = useTranslations("knowledge.curated");
  const act = useTranslations("app.act");
  const tellProblem = useTellProblem();
  const [isAsking, setAsking] = useState(false);
  const toggle = useToggle(answer.id);
  const [remove, isRemoving] = useChange<CuratedAnswerDeleteMutation>(graphql`
    mutation CuratedAnswerDeleteMutation($input: DeleteCuratedAnswerInput!, $connections: [ID!]!) {
      deleteCuratedAnswer(input: $input) {
        ... on DeleteCuratedAnswerSuccess {
          deletedId @deleteEdge(connections: $connections)
        }
        ... on Error {
          code
          message
        }
      }
    }
  `);
  return (
    <div className="flex shrink-0 items-center gap-1">
      <Switch isSelected={answer.enabled} onChange={(isOn) => void toggle(isOn).catch(tellProblem)}>
        <span className="text-xs">{t(answer.enabled ? "on" : "off")}</span>
      </Switch>
      <IconButton icon={Pencil} label={act("edit")} onPress={() => onEdit(answer)} />
      <IconButton icon={Trash2} label={act("delete")} onPress={() => setAsking(true)} />
      <ConfirmDialog
        title={t("delete")}
        action={act("delete")}
        isOpen={isAsking}
        isBusy={isRemoving}
        onClose={() => setAsking(false)}
        onConfirm={() => remove({ input: { curatedAnswerId: answer.id }, connections: [connection] })}
      >
        {answer.questions[0]}
      </ConfirmDialog>
    </div>
  );
}

function useToggle(curatedAnswerId: string): (isOn: boolean) => Promise<unknown> {
  const [enable] = useChange<CuratedAnswerEnableMutation>(graphql`
    mutation CuratedAnswerEnableMutation($input: EnableCuratedAnswerInput!) {
      enableCuratedAnswer(input: $input) {
        ... on EnableCuratedAnswerSuccess {
          curatedAnswer {
            id
            enabled
          }
        }
        ... on Error {
          code
          message
        }
      }
    }
  `);
  const [disable] = useChange<CuratedAnswerDisableMutation>(graphql`
    mutation CuratedAnswerDisableMutation($input: DisableCuratedAnswerInput!) {
      disableCuratedAnswer(input: $input) {
        ... on DisableCuratedAnswerSuccess {
          curatedAnswer {
            id
            enabled
          }
        }
        ... on Error {
          code
          message
        }
      }
    }
  `);
  return (isOn) => (isOn ? enable : disable)({ input: { curatedAnswerId } });
}
