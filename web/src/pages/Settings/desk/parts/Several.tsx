/** Several of many, in the room of one field. */
import { Check, ChevronDown } from "lucide-react";
import { Button, type Key, ListBox, ListBoxItem, Popover, Select, SelectValue } from "react-aria-components";
import type { Choice } from "~/components/Choice";
import { Below, FieldLabel } from "~/components/Field";
import { cx, FIELD, OPTION, POPUP } from "~/components/style";

interface SeveralProps<K extends string> {
  readonly label: string;
  readonly choices: readonly Choice<K>[];
  readonly value: readonly K[];
  readonly onChange: (value: K[]) => void;
  readonly hint?: string;
  readonly problem?: string;
  /** What it says while nothing is chosen. */
  readonly placeholder?: string;
  readonly isLabelHidden?: boolean;
  readonly className?: string;
}

export function Several<K extends string>(props: SeveralProps<K>) {
  const { label, choices, value, onChange, hint, problem, placeholder, isLabelHidden, className } = props;
  const take = (keys: readonly Key[]): void => {
    const chosen = new Set<Key>(keys);
    onChange(choices.map((choice) => choice.id).filter((id) => chosen.has(id)));
  };
  return (
    <Select
      selectionMode="multiple"
      value={[...value]}
      onChange={take}
      placeholder={placeholder}
      isInvalid={Boolean(problem)}
      className={cx("flex min-w-0 flex-col gap-1", className)}
    >
      <FieldLabel isHidden={isLabelHidden}>{label}</FieldLabel>
      <Button className={cx(FIELD, "flex min-h-8 cursor-default items-center justify-between gap-2 text-start")}>
        <SelectValue className="min-w-0 flex-1 truncate placeholder-shown:text-ink-faint">
          {({ isPlaceholder, defaultChildren }) =>
            isPlaceholder ? defaultChildren : <Chosen {...{ choices, value }} />
          }
        </SelectValue>
        <ChevronDown size={16} aria-hidden className="shrink-0 text-ink-muted" />
      </Button>
      <Below hint={hint} problem={problem} />
      <Popover className={cx(POPUP, "min-w-(--trigger-width)")}>
        <ListBox items={choices} className="max-h-72 overflow-auto outline-none">
          {(choice) => (
            <ListBoxItem id={choice.id} textValue={choice.label} className={OPTION}>
              {({ isSelected }) => (
                <>
                  {choice.mark}
                  <span className="flex-1 truncate">{choice.label}</span>
                  {isSelected && <Check size={14} aria-hidden />}
                </>
              )}
            </ListBoxItem>
          )}
        </ListBox>
      </Popover>
    </Select>
  );
}

function Chosen<K extends string>({ choices, value }: Pick<SeveralProps<K>, "choices" | "value">) {
  const chosen = choices.filter((choice) => value.includes(choice.id));
  return <>{chosen.map((choice) => choice.label).join(", ")}</>;
}
