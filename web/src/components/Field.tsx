/** What is typed into: each field has its label, may have a hint, and says what is wrong beneath it. */
import { Search, X } from "lucide-react";
import {
  NumberField as AriaNumberField,
  type NumberFieldProps as AriaNumberFieldProps,
  SearchField as AriaSearchField,
  type SearchFieldProps as AriaSearchFieldProps,
  TextField as AriaTextField,
  type TextFieldProps as AriaTextFieldProps,
  Button,
  FieldError,
  Input,
  Label,
  Text,
  TextArea,
} from "react-aria-components";
import { cx, FIELD } from "./style";

interface Described {
  readonly label: string;
  readonly hint?: string;
  /** What is wrong, from the server for instance; shown instead of the hint. */
  readonly problem?: string;
  readonly className?: string;
}

export interface TextFieldProps extends Omit<AriaTextFieldProps, "className" | "children">, Described {
  readonly placeholder?: string;
  /** More than one makes it an area of so many lines. */
  readonly lines?: number;
  /** Read out but not shown: where the place says what it is. */
  readonly isLabelHidden?: boolean;
}

export function TextField({
  label,
  hint,
  problem,
  placeholder,
  lines = 1,
  isLabelHidden,
  className,
  ...rest
}: TextFieldProps) {
  return (
    <AriaTextField
      {...rest}
      // What the server refused must not keep the browser from sending the next try.
      validationBehavior={problem ? "aria" : rest.validationBehavior}
      isInvalid={Boolean(problem) || rest.isInvalid}
      className={cx("flex flex-col gap-1", className)}
    >
      <FieldLabel isHidden={isLabelHidden}>{label}</FieldLabel>
      {lines > 1 ? (
        <TextArea rows={lines} placeholder={placeholder} className={cx(FIELD, "resize-y")} />
      ) : (
        <Input placeholder={placeholder} className={FIELD} />
      )}
      <Below hint={hint} problem={problem} />
    </AriaTextField>
  );
}

export interface NumberFieldProps extends Omit<AriaNumberFieldProps, "className" | "children">, Described {
  /** Read out but not shown: where the place says what it is. */
  readonly isLabelHidden?: boolean;
}

export function NumberField({ label, hint, problem, isLabelHidden, className, ...rest }: NumberFieldProps) {
  return (
    <AriaNumberField
      {...rest}
      validationBehavior={problem ? "aria" : undefined}
      isInvalid={Boolean(problem)}
      className={cx("flex flex-col gap-1", className)}
    >
      <FieldLabel isHidden={isLabelHidden}>{label}</FieldLabel>
      <Input className={FIELD} />
      <Below hint={hint} problem={problem} />
    </AriaNumberField>
  );
}

interface SearchFieldProps extends Omit<AriaSearchFieldProps, "className" | "children"> {
  readonly label: string;
  readonly placeholder?: string;
  readonly className?: string;
}

export function SearchField({ label, placeholder, className, ...rest }: SearchFieldProps) {
  return (
    <AriaSearchField {...rest} aria-label={label} className={cx("group relative flex items-center", className)}>
      <Search size={16} aria-hidden className="pointer-events-none absolute start-2.5 text-ink-faint" />
      <Input
        placeholder={placeholder ?? label}
        className={cx(FIELD, "ps-8 pe-8 [&::-webkit-search-cancel-button]:hidden")}
      />
      <Button className="absolute end-1 rounded p-1.5 text-ink-muted hover:bg-hover group-empty:hidden">
        <X size={14} aria-hidden />
      </Button>
    </AriaSearchField>
  );
}

export function FieldLabel({
  children,
  isHidden,
}: {
  readonly children: React.ReactNode;
  readonly isHidden?: boolean;
}) {
  return <Label className={isHidden ? "sr-only" : "font-medium text-ink text-sm"}>{children}</Label>;
}

/** The hint of a field, or what is wrong with it. */
export function Below({ hint, problem }: { readonly hint?: string; readonly problem?: string }) {
  return (
    <>
      {hint && !problem && (
        <Text slot="description" className="text-ink-faint text-xs">
          {hint}
        </Text>
      )}
      <FieldError className="text-danger text-xs">{problem}</FieldError>
    </>
  );
}
