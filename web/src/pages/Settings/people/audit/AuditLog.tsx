/** Who did what to accounts, rights and settings: newest first, by filters that stand in the address. */
import { ScrollText } from "lucide-react";
import { Suspense, useState } from "react";
import { graphql, useLazyLoadQuery, usePaginationFragment } from "react-relay";
import { useTranslations } from "use-intl";
import type { AuditLog_entries$data, AuditLog_entries$key } from "~/__generated__/AuditLog_entries.graphql";
import type { AuditLogPageQuery } from "~/__generated__/AuditLogPageQuery.graphql";
import type { AuditLogQuery } from "~/__generated__/AuditLogQuery.graphql";
import { When } from "~/components/Badge";
import { Button } from "~/components/Button";
import { EmptyState, Skeleton } from "~/components/Feedback";
import { Page, Section } from "~/components/Page";
import { type Column, Table } from "~/components/Table";
import { AuditDetails } from "./AuditDetails";
import { AuditFilters } from "./AuditFilters";
import { useAuditFilter } from "./filter";
import { kindWords } from "./kinds";

export type Entry = AuditLog_entries$data["auditLog"]["edges"][number]["node"];

export default function AuditLog() {
  const t = useTranslations("people.audit");
  return (
    <Page title={t("title")} about={t("about")} width="wide">
      <Suspense fallback={<Skeleton lines={2} />}>
        <AuditFilters />
      </Suspense>
      <Suspense fallback={<Skeleton lines={8} />}>
        <Entries />
      </Suspense>
    </Page>
  );
}

function Entries() {
  const t = useTranslations("people.audit");
  const act = useTranslations("app.act");
  const { variables } = useAuditFilter();
  const [shown, setShown] = useState<Entry | null>(null);
  const query = useLazyLoadQuery<AuditLogQuery>(
    graphql`
      query AuditLogQuery($kinds: [String!], $actor: ID, $from: DateTime, $to: DateTime) {
        ...AuditLog_entries @arguments(kinds: $kinds, actor: $actor, from: $from, to: $to)
      }
    `,
    variables,
    { fetchPolicy: "store-and-network" },
  );
  const { data, hasNext, isLoadingNext, loadNext } = usePaginationFragment<AuditLogPageQuery, AuditLog_entries$key>(
    graphql`
      fragment AuditLog_entries on Query
      @refetchable(queryName: "AuditLogPageQuery")
      @argumentDefinitions(
        kinds: { type: "[String!]" }
        actor: { type: "ID" }
        from: { type: "DateTime" }
        to: { type: "DateTime" }
        count: { type: "Int", defaultValue: 50 }
        cursor: { type: "String" }
      ) {
        auditLog(kinds: $kinds, actor: $actor, from: $from, to: $to, first: $count, after: $cursor)
          @connection(key: "AuditLog_auditLog") {
          edges {
            node {
              id
              kind
              subject
              actorKind
              address
              reason
              facts
              at
              agent {
                name
              }
              apiKey {
                name
              }
              customer {
                name
              }
            }
          }
        }
      }
    `,
    query,
  );
  const columns = useColumns(setShown);
  const rows = data.auditLog.edges.map(({ node }) => node);
  return (
    <Section>
      {rows.length === 0 ? (
        <EmptyState icon={ScrollText} title={t("empty")} hint={t("emptyHint")} />
      ) : (
        <Table label={t("title")} columns={columns} rows={rows} keyOf={(entry) => entry.id} />
      )}
      {hasNext && (
        <Button look="quiet" isBusy={isLoadingNext} onPress={() => loadNext(50)} className="mt-2">
          {act("more")}
        </Button>
      )}
      {shown && <AuditDetails entry={shown} onClose={() => setShown(null)} />}
    </Section>
  );
}

function useColumns(onShow: (entry: Entry) => void): readonly Column<Entry>[] {
  const t = useTranslations("people.audit");
  const whoOf = useWho();
  return [
    {
      id: "at",
      label: t("at"),
      cell: (entry) => (
        <span className="whitespace-nowrap">
          <When at={entry.at} withTime />
        </span>
      ),
    },
    { id: "kind", label: t("kind"), cell: (entry) => <span className="font-medium">{kindWords(entry.kind)}</span> },
    { id: "who", label: t("who"), cell: whoOf },
    {
      id: "reason",
      label: t("reason"),
      isMinor: true,
      cell: (entry) => <span className="line-clamp-2 text-ink-muted">{entry.reason}</span>,
    },
    { id: "address", label: t("address"), isMinor: true, cell: (entry) => entry.address },
    {
      id: "details",
      label: t("details"),
      isLabelHidden: true,
      cell: (entry) => (
        <Button look="quiet" onPress={() => onShow(entry)}>
          {t("details")}
        </Button>
      ),
    },
  ];
}

/** Whoever did it: by name where there is one. */
export function useWho(): (entry: Entry) => string {
  const t = useTranslations("people.audit");
  return (entry) => entry.agent?.name ?? entry.apiKey?.name ?? entry.customer?.name ?? t(`callers.${entry.actorKind}`);
}
