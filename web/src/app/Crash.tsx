/** What is shown when a page could not even begin; reloading fetches the newest version of all. */
import { AlertTriangle } from "lucide-react";
import { useTranslations } from "use-intl";
import { Button } from "~/components/Button";
import { EmptyState } from "~/components/Feedback";

export function Crash() {
  const t = useTranslations("app");
  return (
    <main className="flex h-dvh items-center justify-center">
      <EmptyState icon={AlertTriangle} title={t("state.pageFailed")} hint={t("state.pageFailedHint", { traceId: "–" })}>
        <Button onPress={() => location.reload()}>{t("act.retry")}</Button>
      </EmptyState>
    </main>
  );
}
