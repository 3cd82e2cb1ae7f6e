/** The button under a list that goes on. */
import { useTranslations } from "use-intl";
import { Button } from "~/components/Button";

interface MoreProps {
  readonly hasNext: boolean;
  readonly isLoading: boolean;
  readonly onMore: () => void;
}

export function More({ hasNext, isLoading, onMore }: MoreProps) {
  const t = useTranslations("app.act");
  if (!hasNext) return null;
  return (
    <div className="flex justify-center pt-3">
      <Button isBusy={isLoading} onPress={onMore}>
        {t("more")}
      </Button>
    </div>
  );
}
