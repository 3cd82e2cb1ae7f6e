/** What is chosen from: one of few, one of many, several, yes or no. */
import { Check, ChevronDown } from "lucide-react";
import {
  Checkbox as AriaCheckbox,
  type CheckboxProps as AriaCheckboxProps,
  ComboBox as AriaComboBox,
  type ComboBoxProps as AriaComboBoxProps,
  RadioGroup as AriaRadioGroup,
  Select as AriaSelect,
  Switch as AriaSwitch,
  type SwitchProps as AriaSwitchProps,
  Button,
  Input,
  type Key,
  ListBox,
  ListBoxItem,
  Popover,
  Radio,
  SelectValue,
} from "react-aria-components";
import { Below, FieldLabel } from "./Field";
import { cx, FIELD, OPTION, POPUP } from "./style";

export interface Choice<K extends string> {
  readonly id: K;
  readonly label: string;
  /** Shown before the words: a colour, an icon. */
  readonly mark?: React.ReactNode;
}

interface SelectProps<K extends string> {
  readonly label: string;
  readonly choices: readonly Choice<K>[];
  readonly value: K | null;
  readonly onChange: (value: K) => void;
  readonly hint?: string;
  readonly problem?: string;
  readonly placeholder?: string;
  readonly isLabelHidden?: boolean;
  readonly isDisabled?: boolean;
  readonly className?: string;
}

/** One of up to about twenty. */
export function Select<K extends string>(props: SelectProps<K>) {
  const { label, choices, value, onChange, hint, problem, placeholder, isLabelHidden, isDisabled, className } = props;
  return (
    <AriaSelect
      value={value}
      onChange={(key) => key !== null && onChange(key as K)}
      placeholder={placeholder}
      validationBehavior={problem ? "aria" : undefined}
      isInvalid={Boolean(problem)}
      isDisabled={isDisabled}
      className={cx("flex flex-col gap-1", className)}
    >
      <FieldLabel isHidden={isLabelHidden}>{label}</FieldLabel>
      <Button className={cx(FIELD, "flex min-h-8 cursor-default items-center justify-between gap-2 text-start")}>
        <SelectValue className="min-w-0 flex-1 truncate placeholder-shown:text-ink-faint" />
        <ChevronDown size={16} aria-hidden className="shrink-0 text-ink-muted" />
      </Button>
      <Below hint={hint} problem={problem} />
      <Options choices={choices} />
    </AriaSelect>
  );
}

interface ComboBoxProps<K extends string>
  extends Omit<AriaComboBoxProps<object>, "children" | "className" | "onChange" | "value"> {
  readonly label: string;
  readonly choices: readonly Choice<K>[];
  readonly value: K | null;
  readonly onChange: (value: K | null) => void;
  readonly hint?: string;
  readonly problem?: string;
  readonly placeholder?: string;
  readonly className?: string;
  /** What is said where nothing fits, if the list is shown then: see `allowsEmptyCollection`. */
  readonly empty?: string;
}

/** One of many: typing narrows the list. */
export function ComboBox<K extends string>(props: ComboBoxProps<K>) {
  const { label, choices, value, onChange, hint, problem, placeholder, className, empty, ...rest } = props;
  return (
    <AriaComboBox
      {...rest}
      selectedKey={value}
      onSelectionChange={(key: Key | null) => onChange(key as K | null)}
      validationBehavior={problem ? "aria" : undefined}
      isInvalid={Boolean(problem)}
      className={cx("flex flex-col gap-1", className)}
    >
      <FieldLabel>{label}</FieldLabel>
      <div className="relative">
        <Input placeholder={placeholder} className={cx(FIELD, "pe-8")} />
        <Button className="absolute inset-y-0 end-0 px-2 text-ink-muted">
          <ChevronDown size={16} aria-hidden />
        </Button>
      </div>
      <Below hint={hint} problem={problem} />
      <Options choices={choices} empty={empty} />
    </AriaComboBox>
  );
}

interface OptionsProps<K extends string> {
  readonly choices: readonly Choice<K>[];
  readonly empty?: string;
}

function Options<K extends string>({ choices, empty }: OptionsProps<K>) {
  return (
    <Popover className={cx(POPUP, "min-w-(--trigger-width)")}>
      <ListBox
        items={choices}
        renderEmptyState={() => empty && <p className="px-2 py-1.5 text-ink-faint text-sm">{empty}</p>}
        className="max-h-72 overflow-auto outline-none"
      >
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
  );
}

interface CheckboxProps extends Omit<AriaCheckboxProps, "className" | "children"> {
  readonly children: React.ReactNode;
}

export function Checkbox({ children, ...rest }: CheckboxProps) {
  return (
    <AriaCheckbox {...rest} className="group flex min-h-6 items-center gap-2 text-sm disabled:opacity-50">
      <span className="flex size-4 shrink-0 items-center justify-center rounded border border-line-strong bg-surface group-selected:border-accent group-selected:bg-accent group-focus-visible:outline-2 group-focus-visible:outline-accent-ink group-focus-visible:outline-offset-2">
        <Check size={12} aria-hidden className="hidden text-on-accent group-selected:block" strokeWidth={3} />
      </span>
      {children}
    </AriaCheckbox>
  );
}

interface SwitchProps extends Omit<AriaSwitchProps, "className" | "children"> {
  readonly children: React.ReactNode;
}

/** On or off, at once. */
export function Switch({ children, ...rest }: SwitchProps) {
  return (
    <AriaSwitch {...rest} className="group flex min-h-6 items-center gap-2 text-sm disabled:opacity-50">
      <span className="flex h-5 w-9 shrink-0 items-center rounded-full bg-line-strong p-0.5 transition-colors group-selected:bg-accent group-focus-visible:outline-2 group-focus-visible:outline-accent-ink group-focus-visible:outline-offset-2">
        <span className="size-4 rounded-full bg-surface transition-transform group-selected:translate-x-4 rtl:group-selected:-translate-x-4" />
      </span>
      {children}
    </AriaSwitch>
  );
}

interface RadioGroupProps<K extends string> {
  readonly label: string;
  readonly choices: readonly (Choice<K> & { readonly hint?: string })[];
  readonly value: K | null;
  readonly onChange: (value: K) => void;
  readonly isDisabled?: boolean;
}

/** One of few, all in sight. */
export function RadioGroup<K extends string>({ label, choices, value, onChange, isDisabled }: RadioGroupProps<K>) {
  return (
    <AriaRadioGroup
      value={value}
      onChange={(chosen) => onChange(chosen as K)}
      isDisabled={isDisabled}
      className="flex flex-col gap-1.5"
    >
      <FieldLabel>{label}</FieldLabel>
      {choices.map((choice) => (
        <Radio key={choice.id} value={choice.id} className="group flex min-h-6 items-start gap-2 text-sm">
          <span className="mt-0.5 size-4 shrink-0 rounded-full border border-line-strong bg-surface group-selected:border-5 group-selected:border-accent group-focus-visible:outline-2 group-focus-visible:outline-accent-ink group-focus-visible:outline-offset-2" />
          <span className="flex flex-col">
            {choice.label}
            {choice.hint && <span className="text-ink-faint text-xs">{choice.hint}</span>}
          </span>
        </Radio>
      ))}
    </AriaRadioGroup>
  );
}
