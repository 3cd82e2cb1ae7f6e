/** What asks before going on: a dialog over the page, and the question before what cannot be undone. */
import { type FormEvent, type ReactNode, Suspense, useEffect, useRef, useState } from "react";
import { useTranslations } from "use-intl";
import { Button } from "./Button";
import { Problem } from "./Feedback";
import { DialogBody } from "./floating/bodies";

export interface DialogProps {
  readonly title: string;
  readonly isOpen: boolean;
  readonly onClose: () => void;
  readonly children: ReactNode;
  /** `wide` for what holds a table or an editor. */
  readonly size?: "narrow" | "wide";
  /** `alertdialog` for what cannot be undone. */
  readonly role?: "dialog" | "alertdialog";
}

export function Dialog(props: DialogProps) {
  if (!props.isOpen) return null;
  return (
    <Suspense>
      <DialogBody {...props} />
    </Suspense>
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
  const form = useRef<HTMLFormElement>(null);
  // Who cannot see which field is to blame is led to it.
  useEffect(() => {
    if (problem) form.current?.querySelector<HTMLElement>("[aria-invalid=true]")?.focus();
  }, [problem]);
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
      <form ref={form} onSubmit={send} className="flex flex-col gap-4">
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
