/** All that is known of one entry. */
import type { ReactNode } from "react";
import { useTranslations } from "use-intl";
import { When } from "~/components/Badge";
import { Dialog } from "~/components/Dialog";
import { type Entry, useWho } from "./AuditLog";
import { kindWords } from "./kinds";

export function AuditDetails({ entry, onClose }: { readonly entry: Entry; readonly onClose: () => void }) {
  const t = useTranslations("people.audit");
  const whoOf = useWho();
  return (
    <Dialog title={kindWords(entry.kind)} isOpen onClose={onClose}>
      <dl className="grid grid-cols-[auto_1fr] gap-x-4 gap-y-2 text-sm">
        <Fact label={t("at")}>
          <When at={entry.at} withTime />
        </Fact>
        <Fact label={t("who")}>{whoOf(entry)}</Fact>
        <Fact label={t("subject")}>
          <code className="break-all text-xs">{entry.subject}</code>
        </Fact>
        {entry.address && <Fact label={t("address")}>{entry.address}</Fact>}
        {entry.reason && <Fact label={t("reason")}>{entry.reason}</Fact>}
      </dl>
      <h3 className="mt-4 mb-1 font-medium text-sm">{t("facts")}</h3>
      <pre className="max-h-72 overflow-auto rounded-md bg-sunken p-3 text-xs">
        {JSON.stringify(entry.facts, null, 2)}
      </pre>
    </Dialog>
  );
}

function Fact({ label, children }: { readonly label: string; readonly children: ReactNode }) {
  return (
    <>
      <dt className="text-ink-muted">{label}</dt>
      <dd className="min-w-0">{children}</dd>
    </>
  );
}
