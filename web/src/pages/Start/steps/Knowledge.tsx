/** A first article, written and published in one go. */
import { useState } from "react";
import { graphql, useFragment } from "react-relay";
import { useTranslations } from "use-intl";
import type { Knowledge_sources$key } from "~/__generated__/Knowledge_sources.graphql";
import type { KnowledgeArticleMutation } from "~/__generated__/KnowledgeArticleMutation.graphql";
import type { KnowledgePublishMutation } from "~/__generated__/KnowledgePublishMutation.graphql";
import type { KnowledgeSourceMutation } from "~/__generated__/KnowledgeSourceMutation.graphql";
import { useChange } from "~/changes";
import { Button, ButtonLink } from "~/components/Button";
import { Problem } from "~/components/Feedback";
import { TextField } from "~/components/Field";
import { tell } from "~/components/Toast";

interface KnowledgeProps {
  readonly query: Knowledge_sources$key;
  /** How many articles are published; null for many. */
  readonly count: number | null;
  readonly onAdded: () => void;
}

export function Knowledge({ query, count, onAdded }: KnowledgeProps) {
  const t = useTranslations("start.knowledge");
  const { sources } = useFragment(
    graphql`
      fragment Knowledge_sources on Query {
        sources {
          id
        }
      }
    `,
    query,
  );
  const [title, setTitle] = useState("");
  const [body, setBody] = useState("");
  const [problem, setProblem] = useState<unknown>(null);
  const [publish, isBusy] = usePublishing(sources[0]?.id);
  const send = async (): Promise<void> => {
    setProblem(null);
    try {
      await publish(title, body);
      tell(t("added"));
      onAdded();
      setTitle("");
      setBody("");
    } catch (error) {
      setProblem(error);
    }
  };
  return (
    <form
      className="flex flex-col gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      {count !== 0 && <p className="text-ink-muted">{count ? t("there", { count }) : t("thereMany")}</p>}
      <TextField
        label={t("question")}
        placeholder={t("questionExample")}
        value={title}
        onChange={setTitle}
        maxLength={200}
        isRequired
      />
      <TextField label={t("answer")} value={body} onChange={setBody} lines={4} isRequired />
      <Problem of={problem} />
      <div className="flex flex-wrap gap-2">
        <Button type="submit" look="primary" isBusy={isBusy} isDisabled={!title.trim() || !body.trim()}>
          {t("add")}
        </Button>
        <ButtonLink to="/knowledge">{t("more")}</ButtonLink>
      </div>
    </form>
  );
}

/** Write an article and publish it; a source is made for it where there is none. */
function usePublishing(sourceId: string | undefined): [(title: string, body: string) => Promise<void>, boolean] {
  const t = useTranslations("start.knowledge");
  const [createSource, isMaking] = useSource();
  const [createArticle, isWriting] = useArticle();
  const [publishArticle, isPublishing] = usePublication();
  const publish = async (title: string, body: string): Promise<void> => {
    const source = sourceId ?? (await createSource({ input: { name: t("source") } })).source?.id;
    if (!source) return;
    const { article } = await createArticle({ input: { sourceId: source, title, body } });
    if (article) await publishArticle({ input: { articleId: article.id } });
  };
  return [publish, isMaking || isWriting || isPublishing];
}

function useSource() {
  return useChange<KnowledgeSourceMutation>(graphql`
    mutation KnowledgeSourceMutation($input: CreateSourceInput!) {
      createSource(input: $input) {
        ... on CreateSourceSuccess {
          source {
            id
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

function useArticle() {
  return useChange<KnowledgeArticleMutation>(graphql`
    mutation KnowledgeArticleMutation($input: CreateArticleInput!) {
      createArticle(input: $input) {
        ... on CreateArticleSuccess {
          article {
            id
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

function usePublication() {
  return useChange<KnowledgePublishMutation>(graphql`
    mutation KnowledgePublishMutation($input: PublishArticleInput!) {
      publishArticle(input: $input) {
        ... on PublishArticleSuccess {
          article {
            id
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
