/** All customers, the newest first; words find some of them. */
import { SearchX, Users } from "lucide-react";
import { Suspense, useDeferredValue, useMemo, useState } from "react";
import { graphql, useLazyLoadQuery, usePaginationFragment } from "react-relay";
import { useTranslations } from "use-intl";
import type { People_customers$key } from "~/__generated__/People_customers.graphql";
import type { PeopleFoundQuery } from "~/__generated__/PeopleFoundQuery.graphql";
import type { PeoplePageQuery } from "~/__generated__/PeoplePageQuery.graphql";
import type { PeopleQuery } from "~/__generated__/PeopleQuery.graphql";
import { useSearchParams } from "~/app/navigation";
import { Button } from "~/components/Button";
import { Select } from "~/components/Choice";
import { EmptyState, Skeleton } from "~/components/Feedback";
import { SearchField } from "~/components/Field";
import { Page, Section } from "~/components/Page";
import { type Asked, filterOf, fromParams, isAddress, PROOFS, SINCE, STANDINGS, toParams } from "./asked";
import { Rows } from "./Rows";

const PAGE = 50;

export function People() {
  const t = useTranslations("customers");
  const [params, setParams] = useSearchParams();
  const asked = fromParams(params);
  const change = (part: Partial<Asked>): void => setParams(toParams({ ...asked, ...part }), { replace: true });
  const shown = useDeferredValue(asked.words);
  return (
    <Page title={t("title")} about={t("about")} width="wide">
      <Section>
        <Asking asked={asked} onChange={change} />
        <Suspense fallback={<Skeleton className="py-6" lines={8} />}>
          <Shown asked={{ ...asked, words: shown }} />
        </Suspense>
      </Section>
    </Page>
  );
}

interface AskingProps {
  readonly asked: Asked;
  readonly onChange: (part: Partial<Asked>) => void;
}

function Asking({ asked, onChange }: AskingProps) {
  const t = useTranslations("customers.filter");
  const [words, setWords] = useState(asked.words);
  // Words are searched among all: the other filters are no part of that.
  const isSearching = words.trim().length > 1 && !isAddress(words);
  return (
    <search className="flex flex-wrap items-end gap-2 pb-4">
      <SearchField
        label={t("words")}
        value={words}
        maxLength={200}
        onChange={(text) => {
          setWords(text);
          onChange({ words: text });
        }}
        className="min-w-56 flex-1"
      />
      <Select
        isLabelHidden
        label={t("standing")}
        value={asked.standing}
        isDisabled={isSearching}
        onChange={(standing) => onChange({ standing })}
        choices={(["", ...STANDINGS] as const).map((id) => ({ id, label: t(`standings.${id || "any"}`) }))}
        className="w-full sm:w-48"
      />
      <Select
        isLabelHidden
        label={t("proof")}
        value={asked.proof}
        isDisabled={isSearching}
        onChange={(proof) => onChange({ proof })}
        choices={(["", ...PROOFS] as const).map((id) => ({ id, label: t(`proofs.${id || "any"}`) }))}
        className="w-full sm:w-48"
      />
      <Select
        isLabelHidden
        label={t("since")}
        value={asked.since}
        isDisabled={isSearching}
        onChange={(since) => onChange({ since })}
        choices={(["", ...SINCE] as const).map((id) => ({
          id,
          label: id === "" ? t("anyTime") : id === "365" ? t("year") : t("days", { count: Number(id) }),
        }))}
        className="w-full sm:w-48"
      />
    </search>
  );
}

function Shown({ asked }: { readonly asked: Asked }) {
  const words = asked.words.trim();
  return words.length > 1 && !isAddress(words) ? <Found words={words} /> : <All asked={asked} />;
}

/** The best that the words find. */
function Found({ words }: { readonly words: string }) {
  const t = useTranslations("customers");
  const { search } = useLazyLoadQuery<PeopleFoundQuery>(
    graphql`
      query PeopleFoundQuery($words: String!) {
        search(query: $words, types: [CUSTOMER], first: 50) {
          nodes {
            ... on CustomerHit {
              customer {
                id
                mergedInto {
                  id
                }
                ...Rows_customers
              }
            }
          }
        }
      }
    `,
    { words },
    { fetchPolicy: "store-and-network" },
  );
  const found = search.nodes.flatMap(({ customer }) => (customer && !customer.mergedInto ? [customer] : []));
  if (found.length === 0) return <EmptyState icon={SearchX} title={t("none")} hint={t("noneHint")} />;
  return <Rows customers={found} />;
}

function All({ asked }: { readonly asked: Asked }) {
  const filter = useMemo(() => {
    const contact = asked.words.trim();
    return { ...filterOf(asked, new Date()), ...(isAddress(contact) && { contact }) };
  }, [asked]);
  const data = useLazyLoadQuery<PeopleQuery>(
    graphql`
      query PeopleQuery($filter: CustomerFilterInput, $count: Int!) {
        ...People_customers @arguments(filter: $filter, count: $count)
      }
    `,
    { filter, count: PAGE },
    { fetchPolicy: "store-and-network" },
  );
  return <Pages customers={data} isNarrowed={Object.keys(filter).length > 0} />;
}

interface PagesProps {
  readonly customers: People_customers$key;
  readonly isNarrowed: boolean;
}

function Pages({ customers, isNarrowed }: PagesProps) {
  const t = useTranslations("customers");
  const act = useTranslations("app.act");
  const { data, hasNext, loadNext, isLoadingNext } = usePaginationFragment<PeoplePageQuery, People_customers$key>(
    graphql`
      fragment People_customers on Query
      @refetchable(queryName: "PeoplePageQuery")
      @argumentDefinitions(
        filter: { type: "CustomerFilterInput" }
        count: { type: "Int", defaultValue: 50 }
        after: { type: "String" }
      ) {
        customers(filter: $filter, first: $count, after: $after) @connection(key: "People_customers") {
          edges {
            node {
              id
              ...Rows_customers
            }
          }
        }
      }
    `,
    customers,
  );
  const rows = data.customers.edges.map(({ node }) => node);
  if (rows.length === 0)
    return isNarrowed ? (
      <EmptyState icon={SearchX} title={t("none")} hint={t("noneHint")} />
    ) : (
      <EmptyState icon={Users} title={t("empty")} hint={t("emptyHint")} />
    );
  return (
    <>
      <Rows customers={rows} />
      {hasNext && (
        <div className="flex justify-center pt-4">
          <Button isBusy={isLoadingNext} onPress={() => loadNext(PAGE)}>
            {act("more")}
          </Button>
        </div>
      )}
    </>
  );
}
