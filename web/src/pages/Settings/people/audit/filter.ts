/** What of the audit log is shown: kept in the address, so that it can be sent to somebody. */
import { useSearchParams } from "~/app/navigation";

interface Filter {
  readonly kinds: readonly string[];
  readonly actor: string | null;
  /** Days as `2026-11-22`, both included. */
  readonly from: string;
  readonly to: string;
}

interface AuditFilter {
  readonly filter: Filter;
  /** As the query takes them. */
  readonly variables: {
    readonly kinds: readonly string[] | null;
    readonly actor: string | null;
    readonly from: string | null;
    readonly to: string | null;
  };
  readonly put: (part: Partial<Filter>) => void;
  readonly clear: () => void;
}

export function useAuditFilter(): AuditFilter {
  const [search, setSearch] = useSearchParams();
  const filter: Filter = {
    kinds: search.getAll("kind"),
    actor: search.get("actor"),
    from: search.get("from") ?? "",
    to: search.get("to") ?? "",
  };
  const put = (part: Partial<Filter>): void => {
    const { kinds, actor, from, to } = { ...filter, ...part };
    const pairs = [...kinds.map((kind) => ["kind", kind]), ["actor", actor], ["from", from], ["to", to]];
    setSearch(new URLSearchParams(pairs.filter((pair): pair is [string, string] => Boolean(pair[1]))));
  };
  const variables = {
    kinds: filter.kinds.length > 0 ? filter.kinds : null,
    actor: filter.actor,
    from: moment(filter.from, 0),
    to: moment(filter.to, 1),
  };
  return { filter, variables, put, clear: () => setSearch(new URLSearchParams()) };
}

/** Midnight of a day where the person is, or of one so many days later. */
export function moment(day: string, later: number): string | null {
  if (!/^\d{4}-\d\d-\d\d$/.test(day)) return null;
  const midnight = new Date(`${day}T00:00:00`);
  midnight.setDate(midnight.getDate() + later);
  return midnight.toISOString();
}
