/** How a webhook does, in one word, and where the pages of webhooks are. */
import { useTranslations } from "use-intl";
import { Badge, type Tone } from "~/components/Badge";

export const WEBHOOKS = "/settings/webhooks";

/** Whether it is told, and takes what it is told. */
export function Health({ isEnabled, isFailing }: { readonly isEnabled: boolean; readonly isFailing: boolean }) {
  const t = useTranslations("connections.webhooks");
  const health = !isEnabled ? "off" : isFailing ? "failing" : "well";
  const tones: Record<typeof health, Tone> = { off: "neutral", failing: "danger", well: "success" };
  return <Badge tone={tones[health]}>{t(health)}</Badge>;
}
