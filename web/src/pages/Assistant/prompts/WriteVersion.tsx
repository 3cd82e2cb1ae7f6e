/** Writes another version, beginning with one that is there. It answers nobody until it is published. */
import { type FormEvent, useEffect, useState } from "react";
import { graphql, useLazyLoadQuery } from "react-relay";
import { useTranslations } from "use-intl";
import type { WriteVersionMutation } from "~/__generated__/WriteVersionMutation.graphql";
import type { WriteVersionQuery } from "~/__generated__/WriteVersionQuery.graphql";
import { useNavigate, useSearchParams } from "~/app/navigation";
import { Refusal, useChange } from "~/changes";
import { Button, ButtonLink } from "~/components/Button";
import { Notice, Problem } from "~/components/Feedback";
import { NumberField, TextField } from "~/components/Field";
import { Page, Section } from "~/components/Page";
import { type Draft, draftOf, forget, inputOf, keep, recall } from "./draft";

export function WriteVersion() {
  const t = useTranslations("assistant.prompts");
  const [search] = useSearchParams();
  const from = Number(search.get("from") ?? 0);
  const { promptVersions } = useLazyLoadQuery<WriteVersionQuery>(
    graphql`
      query WriteVersionQuery {
        promptVersions(first: 100) {
          nodes {
            id
            number
            instructions
            tone
            languages
            forbiddenTopics
            model
            temperature
            mostTokens
            leastSupport
          }
        }
      }
    `,
    {},
    { fetchPolicy: "store-or-network" },
  );
  const origin = draftOf(promptVersions.nodes.find((one) => one.number === from));
  const [kept] = useState(recall);
  const [draft, setDraft] = useState(kept ?? origin);
  const begin = (): void => {
    forget();
    setDraft(origin);
  };
  return (
    <Page title={t("create")} about={t("createHint")}>
      {kept && draft !== origin && (
        <Notice>
          {t("kept")}{" "}
          <Button look="quiet" size="small" onPress={begin}>
            {t("startOver")}
          </Button>
        </Notice>
      )}
      <Form draft={draft} origin={origin} onChange={setDraft} />
    </Page>
  );
}

interface FormProps {
  readonly draft: Draft;
  readonly origin: Draft;
  readonly onChange: (draft: Draft) => void;
}

function Form({ draft, origin, onChange }: FormProps) {
  const t = useTranslations("assistant.prompts");
  const act = useTranslations("app.act");
  const navigate = useNavigate();
  const [problem, setProblem] = useState<unknown>(null);
  const [write, isBusy] = useWrite();
  const isChanged = JSON.stringify(draft) !== JSON.stringify(origin);
  useEffect(() => {
    if (isChanged) keep(draft);
  }, [draft, isChanged]);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    setProblem(null);
    write({ input: inputOf(draft) }).then(() => {
      forget();
      navigate("/assistant/instructions");
    }, setProblem);
  };
  const part: PartProps = {
    draft,
    set: (some) => onChange({ ...draft, ...some }),
    problem: (path) => (problem instanceof Refusal ? problem.of(path) : undefined),
  };
  return (
    <form onSubmit={submit} className="flex flex-col gap-4">
      <Section>
        <Words {...part} />
      </Section>
      <Section title={t("modelTitle")} about={t("modelAbout")}>
        <Model {...part} />
      </Section>
      <TextField
        label={t("note")}
        hint={t("noteHint")}
        value={draft.note}
        onChange={(note) => part.set({ note })}
        problem={part.problem("note")}
        maxLength={200}
      />
      <Problem of={problem} />
      <div className="flex justify-end gap-2">
        <ButtonLink to="/assistant/instructions">{act("cancel")}</ButtonLink>
        <Button type="submit" look="primary" isBusy={isBusy} isDisabled={!isChanged}>
          {t("write")}
        </Button>
      </div>
    </form>
  );
}

interface PartProps {
  readonly draft: Draft;
  readonly set: (some: Partial<Draft>) => void;
  readonly problem: (path: string) => string | undefined;
}

function Words({ draft, set, problem }: PartProps) {
  const t = useTranslations("assistant.prompts");
  return (
    <div className="flex flex-col gap-4">
      <TextField
        label={t("fields.instructions")}
        hint={t("instructionsHint")}
        value={draft.instructions}
        onChange={(instructions) => set({ instructions })}
        problem={problem("instructions")}
        maxLength={8000}
        lines={14}
      />
      <TextField
        label={t("fields.tone")}
        placeholder={t("toneExample")}
        value={draft.tone}
        onChange={(tone) => set({ tone })}
        problem={problem("tone")}
        maxLength={500}
      />
      <TextField
        label={t("fields.languages")}
        hint={t("languagesHint")}
        placeholder="de, en"
        value={draft.languages}
        onChange={(languages) => set({ languages })}
        problem={problem("languages")}
      />
      <TextField
        label={t("fields.forbiddenTopics")}
        hint={t("forbiddenHint")}
        value={draft.forbiddenTopics}
        onChange={(forbiddenTopics) => set({ forbiddenTopics })}
        problem={problem("forbiddenTopics")}
        lines={3}
      />
    </div>
  );
}

function Model({ draft, set, problem }: PartProps) {
  const t = useTranslations("assistant.prompts");
  return (
    <div className="grid gap-4 sm:grid-cols-2">
      <TextField
        label={t("fields.model")}
        hint={t("modelHint")}
        value={draft.model}
        onChange={(model) => set({ model })}
        problem={problem("model")}
        spellCheck="false"
      />
      <NumberField
        label={t("fields.temperature")}
        hint={t("temperatureHint")}
        value={draft.temperature ?? Number.NaN}
        onChange={(temperature) => set({ temperature: Number.isNaN(temperature) ? null : temperature })}
        problem={problem("temperature")}
        minValue={0}
        maxValue={2}
        step={0.1}
      />
      <NumberField
        label={t("fields.mostTokens")}
        value={draft.mostTokens}
        onChange={(mostTokens) => set({ mostTokens })}
        problem={problem("mostTokens")}
        minValue={1}
        maxValue={4000}
      />
      <NumberField
        label={t("fields.leastSupport")}
        hint={t("supportHint")}
        value={draft.leastSupport / 100}
        onChange={(share) => set({ leastSupport: Math.round(share * 100) })}
        problem={problem("leastSupport")}
        minValue={0}
        maxValue={1}
        step={0.01}
        formatOptions={{ style: "percent" }}
      />
    </div>
  );
}

function useWrite() {
  return useChange<WriteVersionMutation>(graphql`
    mutation WriteVersionMutation($input: CreatePromptVersionInput!) {
      createPromptVersion(input: $input) {
        ... on CreatePromptVersionSuccess {
          promptVersion {
            id
            number
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
}
