/** One step: its line says whether it is done, and opens what does it. */
import { CheckCircle2, ChevronDown, Circle, type LucideIcon } from "lucide-react";
import { type ReactNode, Suspense } from "react";
import { Button, Disclosure, DisclosurePanel, Heading } from "react-aria-components";
import { useTranslations } from "use-intl";
import { Boundary, Skeleton } from "~/components/Feedback";
import { cx } from "~/components/style";

interface StepProps {
  readonly icon: LucideIcon;
  readonly title: string;
  readonly hint: string;
  readonly isDone: boolean;
  readonly isOpen: boolean;
  readonly onToggle: (isOpen: boolean) => void;
  readonly children: ReactNode;
}

export function Step({ icon: Icon, title, hint, isDone, isOpen, onToggle, children }: StepProps) {
  const t = useTranslations("start");
  const Mark = isDone ? CheckCircle2 : Circle;
  return (
    <Disclosure isExpanded={isOpen} onExpandedChange={onToggle}>
      <Heading level={2}>
        <Button slot="trigger" className="flex w-full items-center gap-3 px-5 py-4 text-start hover:bg-hover">
          <Mark size={20} aria-hidden className={cx("shrink-0", isDone ? "text-success" : "text-ink-faint")} />
          <Icon size={16} aria-hidden className="shrink-0 text-ink-muted max-sm:hidden" />
          <span className="min-w-0 flex-1">
            <span className="block font-semibold">{title}</span>
            <span className="block font-normal text-ink-muted text-sm">{hint}</span>
          </span>
          <span className="sr-only">{t(isDone ? "done" : "toDo")}</span>
          <ChevronDown
            size={16}
            aria-hidden
            className={cx("shrink-0 text-ink-muted transition-transform", isOpen && "rotate-180")}
          />
        </Button>
      </Heading>
      <DisclosurePanel>
        {isOpen && (
          <div className="px-5 pb-5 sm:ps-13">
            <Boundary>
              <Suspense fallback={<Skeleton lines={3} />}>{children}</Suspense>
            </Boundary>
          </div>
        )}
      </DisclosurePanel>
    </Disclosure>
  );
}
