/** What asks before going on: a dialog over the page, and the question before what cannot be undone. */
import { X } from "lucide-react";
import { type FormEvent, type ReactNode, useState } from "react";
import { Dialog as AriaDialog, Heading, Modal, ModalOverlay } from "react-aria-components";
import { useTranslations } from "use-intl";
import { Button, IconButton } from "./Button";
import { Problem } from "./Feedback";
import { cx } from "./style";

interface DialogProps {
  readonly title: string;
  readonly isOpen: boolean;
  readonly onClose: () => void;
  readonly children: ReactNode;
  /** `wide` for what holds a table or an editor. */
  readonly size?: "narrow" | "wide";
  /** `alertdialog` for what cannot be undone. */
  readonly role?: "dialog" | "alertdialog";
}

export function Dialog({ title, isOpen, onClose, children, size = "narrow", role = "dialog" }: DialogProps) {
  const t = useTranslations("app.act");
  return (
    <ModalOverlay
      isOpen={isOpen}
      onOpenChange={(open) => !open && onClose()}
      isDismissable={role === "dialog"}
      className="fixed inset-0 z-40 flex items-end justify-center bg-black/40 entering:animate-appear sm:items-center sm:p-4"
    >
      <Modal
        className={cx(
          "max-h-[90dvh] w-full overflow-auto rounded-t-xl bg-raised shadow-popup sm:rounded-xl",
          size === "narrow" ? "sm:max-w-md" : "sm:max-w-3xl",
        )}
      >
        <AriaDialog role={role} className="p-5 outline-none">
          <div className="mb-4 flex items-start justify-between gap-4">
            <Heading slot="title" className="font-semibold text-base">
              {title}
            </Heading>
            <IconButton icon={X} label={t("close")} onPress={onClose} className="-me-2 -mt-1.5" />
          </div>
          {children}
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  );
}

interface FormDialogProps extends Omit<DialogProps, "children" | "role"> {
  /** Raises what is wrong: shown above the buttons, and the dialog stays. */
  readonly onSubmit: () => Promise<unknown>;
  readonly submit?: string;
  readonly isBusy?: boolean;
  readonly isDisabled?: boolean;
  readonly children: ReactNode;
}

/** A dialog with fields; closes once what was entered is accepted. */
export function FormDialog({ onSubmit, submit, isBusy, isDisabled, children, ...dialog }: FormDialogProps) {
  const t = useTranslations("app.act");
  const [problem, setProblem] = useState<unknown>(null);
  const close = (): void => {
    setProblem(null);
    dialog.onClose();
  };
  const send = (event: FormEvent): void => {
    event.preventDefault();
    onSubmit().then(close, setProblem);
  };
  return (
    <Dialog {...dialog} onClose={close}>
      <form onSubmit={send} className="flex flex-col gap-4">
        {children}
        <Problem of={problem} />
        <div className="flex justify-end gap-2">
          <Button onPress={close}>{t("cancel")}</Button>
          <Button type="submit" look="primary" isBusy={isBusy} isDisabled={isDisabled}>
            {submit ?? t("save")}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

interface ConfirmDialogProps {
  readonly title: string;
  readonly children?: ReactNode;
  /** What the button says: the deed, not “OK”. */
  readonly action: string;
  readonly isOpen: boolean;
  readonly onClose: () => void;
  readonly onConfirm: () => Promise<unknown>;
  readonly isBusy?: boolean;
}

/** Asks before something that cannot be undone. */
export function ConfirmDialog({ title, children, action, isOpen, onClose, onConfirm, isBusy }: ConfirmDialogProps) {
  const t = useTranslations("app.act");
  const [problem, setProblem] = useState<unknown>(null);
  return (
    <Dialog title={title} isOpen={isOpen} onClose={onClose} role="alertdialog">
      <div className="flex flex-col gap-4">
        {children && <div className="text-ink-muted">{children}</div>}
        <Problem of={problem} />
        <div className="flex justify-end gap-2">
          <Button onPress={onClose} autoFocus>
            {t("cancel")}
          </Button>
          <Button look="danger" isBusy={isBusy} onPress={() => void onConfirm().then(onClose, setProblem)}>
            {action}
          </Button>
        </div>
      </div>
    </Dialog>
  );
}
