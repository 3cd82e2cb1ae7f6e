/** The arguments of a call, name by name. */
interface FactsProps {
  readonly of: unknown;
  readonly empty: string;
}

export function Facts({ of: value, empty }: FactsProps) {
  const pairs = isRecord(value) ? Object.entries(value) : [];
  if (pairs.length === 0) return <p className="text-ink-muted text-xs">{empty}</p>;
  return (
    <dl className="grid grid-cols-[auto_1fr] gap-x-3 gap-y-0.5 text-xs">
      {pairs.map(([name, one]) => (
        <div key={name} className="contents">
          <dt className="text-ink-muted">{name}</dt>
          <dd className="font-mono [overflow-wrap:anywhere]">{typeof one === "string" ? one : JSON.stringify(one)}</dd>
        </div>
      ))}
    </dl>
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
