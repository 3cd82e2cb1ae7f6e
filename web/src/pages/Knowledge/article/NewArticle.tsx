/** A new article begins with its title and its place; it is written on its own page. */
import { useState } from "react";
import { graphql } from "react-relay";
import { useTranslations } from "use-intl";
import type { NewArticleMutation } from "~/__generated__/NewArticleMutation.graphql";
import { Refusal, useChange } from "~/changes";
import { Select } from "~/components/Choice";
import { FormDialog } from "~/components/Dialog";
import { TextField } from "~/components/Field";

interface Props {
  readonly sources: readonly { readonly id: string; readonly name: string }[];
  readonly onClose: () => void;
  readonly onMade: (id: string) => void;
}

export function NewArticle({ sources, onClose, onMade }: Props) {
  const t = useTranslations("knowledge");
  const [title, setTitle] = useState("");
  const [sourceId, setSourceId] = useState(sources[0]?.id ?? null);
  const [problem, setProblem] = useState<string>();
  const [create, isBusy] = useChange<NewArticleMutation>(graphql`
    mutation NewArticleMutation($input: CreateArticleInput!) {
      createArticle(input: $input) {
        ... on CreateArticleSuccess {
          article {
            id
            title
            state
            source {
              id
              articleCount
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
  const submit = async (): Promise<void> => {
    const input = { title, sourceId: sourceId ?? "", body: `# ${title}\n` };
    const made = await create({ input }).catch((error: unknown) => {
      if (error instanceof Refusal) setProblem(error.of("title"));
      throw error;
    });
    if (made.article) onMade(made.article.id);
  };
  return (
    <FormDialog
      isOpen
      title={t("articles.create")}
      submit={t("articles.begin")}
      isBusy={isBusy}
      isDisabled={title.trim() === "" || !sourceId}
      onSubmit={submit}
      onClose={onClose}
    >
      <TextField label={t("field.title")} value={title} onChange={setTitle} problem={problem} autoFocus />
      <Select
        label={t("field.source")}
        value={sourceId}
        onChange={setSourceId}
        choices={sources.map(({ id, name }) => ({ id, label: name }))}
      />
    </FormDialog>
  );
}
