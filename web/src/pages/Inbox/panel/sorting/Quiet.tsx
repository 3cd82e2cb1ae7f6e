/** A fact that one presses to change it: it looks like a fact until one points at it. */
import { Loader2, type LucideIcon } from "lucide-react";
import { Button, type ButtonProps } from "react-aria-components";

interface QuietProps extends Omit<ButtonProps, "className" | "children"> {
  /** What pressing does: read out with the fact. */
  readonly label: string;
  readonly icon: LucideIcon;
  readonly isBusy?: boolean;
  readonly children: React.ReactNode;
}

export function Quiet({ label, icon: Icon, isBusy = false, children, ...rest }: QuietProps) {
  return (
    <Button
      {...rest}
      isPending={isBusy}
      className="group/quiet -my-1 -ms-2 flex min-h-7 w-[calc(100%+0.5rem)] cursor-default items-center gap-2 rounded-md px-2 text-start hover:bg-hover pressed:bg-pressed"
    >
      <span className="min-w-0 flex-1">{children}</span>
      <span className="sr-only">{label}</span>
      {isBusy ? (
        <Loader2 size={14} aria-hidden className="shrink-0 animate-spin text-ink-faint" />
      ) : (
        <Icon
          size={14}
          aria-hidden
          className="shrink-0 text-ink-faint opacity-0 group-hover/quiet:opacity-100 group-focus-visible/quiet:opacity-100"
        />
      )}
    </Button>
  );
}
