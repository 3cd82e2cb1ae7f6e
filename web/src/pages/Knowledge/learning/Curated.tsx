/** Answers that people wrote and the assistant says word for word, before any model is asked. */
import { MessageSquareQuote, Plus } from "lucide-react";
import { Suspense, useState } from "react";
import { graphql, useLazyLoadQuery, usePaginationFragment } from "react-relay";
import { useTranslations } from "use-intl";
import type { Curated_answers$key } from "~/__generated__/Curated_answers.graphql";
import type { CuratedNextQuery } from "~/__generated__/CuratedNextQuery.graphql";
import type { CuratedQuery } from "~/__generated__/CuratedQuery.graphql";
import { useSearchParams } from "~/app/navigation";
import { useMay } from "~/app/viewer";
import { Button } from "~/components/Button";
import { EmptyState } from "~/components/Feedback";
import { Page } from "~/components/Page";
import { CuratedAnswer, type CuratedAnswerData } from "./CuratedAnswer";
import { CuratedDialog } from "./CuratedDialog";

export default function Curated() {
  const t = useTranslations("knowledge.curated");
  const act = useTranslations("app.act");
  const mayManage = useMay("MANAGE_ASSISTANT");
  const [search, setSearch] = useSearchParams();
  const [editing, setEditing] = useState<CuratedAnswerData | null>(null);
  const [isMaking, setMaking] = useState(search.has("question"));
  const query = useLazyLoadQuery<CuratedQuery>(
    graphql`
      query CuratedQuery {
        ...Curated_answers
      }
    `,
    {},
    { fetchPolicy: "store-and-network" },
  );
  const { data, hasNext, isLoadingNext, loadNext } = usePaginationFragment<CuratedNextQuery, Curated_answers$key>(
    graphql`
      fragment Curated_answers on Query
      @refetchable(queryName: "CuratedNextQuery")
      @argumentDefinitions(first: { type: "Int", defaultValue: 20 }, after: { type: "String" }) {
        curatedAnswers(first: $first, after: $after) @connection(key: "Curated_curatedAnswers") {
          __id
          edges {
            node {
              id
              ...CuratedAnswer_answer
            }
          }
        }
      }
    `,
    query,
  );
  const { edges, __id: connection } = data.curatedAnswers;
  const close = (): void => {
    setMaking(false);
    setEditing(null);
    setSearch({});
  };
  const create = (
    <Button look="primary" icon={Plus} onPress={() => setMaking(true)}>
      {t("create")}
    </Button>
  );
  return (
    <Page title={t("title")} about={t("about")} actions={mayManage && create}>
      {edges.length === 0 && <EmptyState icon={MessageSquareQuote} title={t("empty")} hint={t("emptyHint")} />}
      <div className="flex flex-col gap-3">
        {edges.map(({ node }) => (
          <CuratedAnswer key={node.id} answer={node} connection={connection} onEdit={setEditing} />
        ))}
        {hasNext && (
          <Button look="quiet" isBusy={isLoadingNext} onPress={() => loadNext(20)}>
            {act("more")}
          </Button>
        )}
      </div>
      {(isMaking || editing) && (
        <Suspense>
          <CuratedDialog
            answer={editing}
            question={search.get("question") ?? ""}
            connection={connection}
            onClose={close}
          />
        </Suspense>
      )}
    </Page>
  );
}
