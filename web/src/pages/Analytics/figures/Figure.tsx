/** A number that says, when it is pressed, what it means and which conversations are behind it. */
import { Button as AriaButton } from "react-aria-components";
import { useTranslations } from "use-intl";
import { cx } from "~/components/style";
import { type Opened, useOpen } from "../detail/opening";
import { useMetricName, useSay } from "./words";

interface FigureProps extends Opened {
  readonly className?: string;
}

export function Figure({ className, ...opened }: FigureProps) {
  const t = useTranslations("analytics");
  const say = useSay();
  const open = useOpen();
  const { metric, value, about } = opened;
  const words = say(metric, value);
  const name = useMetricName()(metric);
  return (
    <AriaButton
      onPress={() => open(opened)}
      aria-label={t("explain", { name: about ? `${name}, ${about}` : name, value: words })}
      className={cx(
        "-mx-1 inline-flex min-h-6 min-w-6 cursor-default items-center whitespace-nowrap rounded px-1 tabular-nums decoration-line-strong decoration-dotted underline-offset-4 hover:bg-hover hover:underline",
        className,
      )}
    >
      {words}
    </AriaButton>
  );
}
