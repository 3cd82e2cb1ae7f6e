/** How much of something is done, as a bar and in numbers. */
import { ProgressBar } from "react-aria-components";
import { useFormatter } from "use-intl";

interface ProgressProps {
  readonly label: string;
  readonly value: number;
  readonly most: number;
}

export function Progress({ label, value, most }: ProgressProps) {
  const format = useFormatter();
  const words = `${format.number(value)} / ${format.number(most)}`;
  return (
    <ProgressBar
      aria-label={label}
      value={value}
      maxValue={Math.max(most, 1)}
      valueLabel={words}
      className="flex min-w-0 flex-1 items-center gap-3"
    >
      {({ percentage = 0 }) => (
        <>
          <span className="h-1.5 min-w-16 max-w-72 flex-1 overflow-hidden rounded-full bg-pressed">
            <span className="block h-full rounded-full bg-accent" style={{ width: `${percentage}%` }} />
          </span>
          <span className="text-ink-muted text-xs tabular-nums">{words}</span>
        </>
      )}
    </ProgressBar>
  );
}
