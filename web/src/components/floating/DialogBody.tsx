/** A dialog over the page. */
import { X } from "lucide-react";
import { Dialog as AriaDialog, Heading, Modal, ModalOverlay } from "react-aria-components";
import { useTranslations } from "use-intl";
import { IconButton } from "../Button";
import type { DialogProps } from "../Dialog";
import { cx } from "../style";

export default function DialogBody({ title, onClose, children, size = "narrow", role = "dialog" }: DialogProps) {
  const t = useTranslations("app.act");
  return (
    <ModalOverlay
      isOpen
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
