/** A page of its own beside the conversation, over whatever is there; closes by Escape or a press beside it. */
import { X } from "lucide-react";
import { type ReactNode, Suspense } from "react";
import { Dialog, Heading, Modal, ModalOverlay } from "react-aria-components";
import { useTranslations } from "use-intl";
import { IconButton } from "~/components/Button";
import { Boundary, Skeleton } from "~/components/Feedback";

interface SheetProps {
  readonly title: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

export function Sheet({ title, onClose, children }: SheetProps) {
  const t = useTranslations("app.act");
  return (
    <ModalOverlay
      isOpen
      isDismissable
      onOpenChange={(isOpen) => !isOpen && onClose()}
      className="fixed inset-0 z-40 flex justify-end bg-black/20 entering:animate-appear"
    >
      <Modal className="h-full w-full max-w-lg border-line border-s bg-raised shadow-popup">
        <Dialog className="flex h-full flex-col outline-none">
          <div className="flex items-center justify-between gap-4 border-line border-b px-5 py-3">
            <Heading slot="title" className="min-w-0 truncate font-semibold text-base">
              {title}
            </Heading>
            <IconButton icon={X} label={t("close")} onPress={onClose} className="-me-2" />
          </div>
          <div className="min-h-0 flex-1 overflow-y-auto px-5 py-4">
            <Boundary>
              <Suspense fallback={<Skeleton lines={8} />}>{children}</Suspense>
            </Boundary>
          </div>
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}
