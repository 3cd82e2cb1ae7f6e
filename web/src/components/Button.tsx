/** What is pressed: buttons with words, with an icon alone, and links that look like them. */
import { Loader2, type LucideIcon } from "lucide-react";
import type { Ref } from "react";
import { mergeProps } from "react-aria/mergeProps";
import { useObjectRef } from "react-aria/useObjectRef";
import { Button as AriaButton, type ButtonProps as AriaButtonProps } from "react-aria-components";
import { Link } from "~/app/navigation";
import { useTip } from "./floating/useTip";
import { cx } from "./style";

type Look = "primary" | "secondary" | "quiet" | "danger";

const LOOKS: Record<Look, string> = {
  primary: "bg-accent text-on-accent hover:bg-accent-hover pressed:bg-accent-hover",
  secondary: "border border-line bg-surface text-ink hover:bg-hover pressed:bg-pressed",
  quiet: "text-ink-muted hover:bg-hover hover:text-ink pressed:bg-pressed",
  danger: "bg-danger-fill text-on-accent hover:opacity-90",
};

const SHAPE =
  "inline-flex cursor-default select-none items-center justify-center gap-1.5 whitespace-nowrap rounded-md " +
  "font-medium transition-colors disabled:opacity-50";

/** At least 24 px high by WCAG 2.2, and 32 where a finger may come. */
const SIZES = { normal: "min-h-8 px-3 text-sm", small: "min-h-6 px-2 text-xs" };
const SQUARES = { normal: "size-8", small: "size-6" };

export interface ButtonProps extends Omit<AriaButtonProps, "className" | "children"> {
  readonly look?: Look;
  /** `small` within text, where there is little room. */
  readonly size?: keyof typeof SIZES;
  readonly icon?: LucideIcon;
  /** Under way: the button stays, and says so. */
  readonly isBusy?: boolean;
  readonly className?: string;
  readonly children?: React.ReactNode;
}

export function Button({
  look = "secondary",
  size = "normal",
  icon: Icon,
  isBusy = false,
  className,
  children,
  ...rest
}: ButtonProps) {
  return (
    <AriaButton {...rest} isPending={isBusy} className={cx(SHAPE, SIZES[size], LOOKS[look], className)}>
      {isBusy ? <Loader2 size={16} aria-hidden className="animate-spin" /> : Icon && <Icon size={16} aria-hidden />}
      {children}
    </AriaButton>
  );
}

interface IconButtonProps extends Omit<ButtonProps, "children" | "icon"> {
  readonly icon: LucideIcon;
  /** What it does: read out, and shown when one points at it. */
  readonly label: string;
  readonly ref?: Ref<HTMLButtonElement>;
}

/** A button whose icon everybody knows; its words are its tooltip. */
export function IconButton({
  icon: Icon,
  label,
  look = "quiet",
  size = "normal",
  className,
  isBusy = false,
  ref,
  ...rest
}: IconButtonProps) {
  const button = useObjectRef(ref);
  const { triggerProps, tip } = useTip(label, button);
  return (
    <>
      <AriaButton
        {...mergeProps(rest, triggerProps)}
        ref={button}
        isPending={isBusy}
        aria-label={label}
        className={cx(SHAPE, SQUARES[size], LOOKS[look], "shrink-0", className)}
      >
        {isBusy ? <Loader2 size={16} aria-hidden className="animate-spin" /> : <Icon size={16} aria-hidden />}
      </AriaButton>
      {tip}
    </>
  );
}

interface ButtonLinkProps {
  readonly to: string;
  readonly className?: string;
  readonly look?: Look;
  readonly icon?: LucideIcon;
  readonly children?: React.ReactNode;
}

/** A link to a page, where a button would be expected. */
export function ButtonLink({ look = "secondary", icon: Icon, className, children, ...rest }: ButtonLinkProps) {
  return (
    <Link {...rest} className={cx(SHAPE, SIZES.normal, LOOKS[look], className)}>
      {Icon && <Icon size={16} aria-hidden />}
      {children}
    </Link>
  );
}
