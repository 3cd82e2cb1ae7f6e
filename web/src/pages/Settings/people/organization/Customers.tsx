/** Who may ask, and from which websites. */
import { graphql, useFragment } from "react-relay";
import { useTranslations } from "use-intl";
import type { Customers_settings$key } from "~/__generated__/Customers_settings.graphql";
import { TokenField } from "../parts/TokenField";
import { Decision } from "./Switches";
import { useSettings } from "./settings";

export function Customers({ settings: key }: { readonly settings: Customers_settings$key }) {
  const t = useTranslations("people.organization");
  const [change] = useSettings();
  const { visitors, allowedOrigins } = useFragment(
    graphql`
      fragment Customers_settings on OrganizationSettings {
        visitors
        allowedOrigins
      }
    `,
    key,
  );
  return (
    <div className="flex flex-col gap-5">
      <Decision
        label={t("visitors")}
        hint={t("visitorsHint")}
        isOn={visitors}
        onChange={(isOn) => change({ visitors: isOn })}
      />
      <TokenField
        label={t("origins")}
        add={t("originAdd")}
        hint={allowedOrigins.length === 0 ? t("originsNone") : undefined}
        values={allowedOrigins}
        onChange={(values) => change({ allowedOrigins: values })}
      />
    </div>
  );
}
