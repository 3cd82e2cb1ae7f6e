/** What customers asked in vain, gathered by meaning: the largest first, each with what can be done about it. */
import { CircleCheck, HelpCircle } from "lucide-react";
import { Suspense, useState } from "react";
import { graphql, useLazyLoadQuery, usePaginationFragment } from "react-relay";
import { useTranslations } from "use-intl";
import type { Gaps_gaps$data, Gaps_gaps$key } from "~/__generated__/Gaps_gaps.graphql";
import type { GapsDismissMutation } from "~/__generated__/GapsDismissMutation.graphql";
import type { GapsNextQuery } from "~/__generated__/GapsNextQuery.graphql";
import type { GapState, GapsQuery } from "~/__generated__/GapsQuery.graphql";
import { useSearchParams } from "~/app/navigation";
import { useMay } from "~/app/viewer";
import { useChange } from "~/changes";
import { Ago } from "~/components/Badge";
import { Button, ButtonLink } from "~/components/Button";
import { EmptyState, Skeleton } from "~/components/Feedback";
import { Page, Section } from "~/components/Page";
import { Tabs } from "~/components/Tabs";
import { useTellProblem } from "~/components/Toast";
import { GapQuestions } from "./GapQuestions";

const STATES: readonly GapState[] = ["OPEN", "CLOSED", "DISMISSED"];

export default function Gaps() {
  const t = useTranslations("knowledge.gaps");
  const [search, setSearch] = useSearchParams();
  const state = STATES.find((one) => one === search.get("state")) ?? "OPEN";
  return (
    <Page title={t("title")} about={t("about")}>
      <Tabs
        label={t("title")}
        selected={state}
        onSelect={(id) => setSearch({ state: id })}
        tabs={STATES.map((id) => ({
          id,
          label: t(`state.${id}`),
          content: (
            <Suspense fallback={<Skeleton lines={5} />}>
              <List state={id} />
            </Suspense>
          ),
        }))}
      />
    </Page>
  );
}

function List({ state }: { readonly state: GapState }) {
  const t = useTranslations("knowledge.gaps");
  const act = useTranslations("app.act");
  const query = useLazyLoadQuery<GapsQuery>(
    graphql`
      query GapsQuery($state: GapState!) {
        ...Gaps_gaps @arguments(state: $state)
      }
    `,
    { state },
    { fetchPolicy: "store-and-network" },
  );
  const { data, hasNext, isLoadingNext, loadNext } = usePaginationFragment<GapsNextQuery, Gaps_gaps$key>(
    graphql`
      fragment Gaps_gaps on Query
      @refetchable(queryName: "GapsNextQuery")
      @argumentDefinitions(state: { type: "GapState!" }, first: { type: "Int", defaultValue: 20 }, after: { type: "String" }) {
        gaps(state: $state, first: $first, after: $after) @connection(key: "Gaps_gaps") {
          __id
          edges {
            node {
              id
              label
              size
              state
              lastSeenAt
            }
          }
        }
      }
    `,
    query,
  );
  if (data.gaps.edges.length === 0)
    return <EmptyState icon={CircleCheck} title={t(`empty.${state}`)} hint={t("emptyHint")} />;
  return (
    <div className="flex flex-col gap-3">
      {data.gaps.edges.map(({ node }) => (
        <GapCard key={node.id} gap={node} connection={data.gaps.__id} />
      ))}
      {hasNext && (
        <Button look="quiet" isBusy={isLoadingNext} onPress={() => loadNext(20)}>
          {act("more")}
        </Button>
      )}
    </div>
  );
}

interface GapCardProps {
  readonly gap: Gaps_gaps$data["gaps"]["edges"][number]["node"];
  readonly connection: string;
}

function GapCard({ gap, connection }: GapCardProps) {
  const t = useTranslations("knowledge.gaps");
  const mayManage = useMay("MANAGE_ASSISTANT");
  const [isOpen, setOpen] = useState(false);
  const tellProblem = useTellProblem();
  const [dismiss, isBusy] = useChange<GapsDismissMutation>(graphql`
    mutation GapsDismissMutation($input: DismissGapInput!, $connections: [ID!]!) {
      dismissGap(input: $input) {
        ... on DismissGapSuccess {
          gap {
            id @deleteEdge(connections: $connections)
            state
          }
        }
        ... on Error {
          code
          message
        }
      }
    }
  `);
  return (
    <Section>
      <div className="flex items-start gap-3">
        <HelpCircle size={18} aria-hidden className="mt-0.5 shrink-0 text-ink-faint" />
        <div className="min-w-0 flex-1">
          <h2 className="font-medium">{gap.label}</h2>
          <p className="text-ink-muted text-xs">
            {t("asked", { count: gap.size })} · <Ago at={gap.lastSeenAt} />
          </p>
        </div>
      </div>
      <div className="mt-3 flex flex-wrap gap-2">
        <Button aria-expanded={isOpen} onPress={() => setOpen(!isOpen)}>
          {t(isOpen ? "hide" : "questions")}
        </Button>
        <ButtonLink to={`/knowledge/try?q=${encodeURIComponent(gap.label)}`}>{t("try")}</ButtonLink>
        {mayManage && (
          <ButtonLink to={`/knowledge/curated?question=${encodeURIComponent(gap.label)}`}>{t("curate")}</ButtonLink>
        )}
        {mayManage && gap.state === "OPEN" && (
          <Button
            look="quiet"
            isBusy={isBusy}
            onPress={() => void dismiss({ input: { gapId: gap.id }, connections: [connection] }).catch(tellProblem)}
          >
            {t("dismiss")}
          </Button>
        )}
      </div>
      {isOpen && (
        <Suspense fallback={<Skeleton className="mt-4" lines={3} />}>
          <GapQuestions id={gap.id} />
        </Suspense>
      )}
    </Section>
  );
}
