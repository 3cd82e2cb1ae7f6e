/** What a customer may ask about their data, from their page. */
import { ShieldCheck } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { graphql, useFragment } from "react-relay";
import { useTranslations } from "use-intl";
import type { Privacy_customer$key } from "~/__generated__/Privacy_customer.graphql";
import { Button } from "~/components/Button";
import { Menu, MenuItem, MenuSeparator } from "~/components/Menu";

const AskDialog = lazy(() => import("../Settings/people/privacy/AskDialog"));

export function Privacy({ customer: key }: { readonly customer: Privacy_customer$key }) {
  const t = useTranslations("privacy");
  const [asking, setAsking] = useState<"EXPORT" | "ERASURE" | null>(null);
  const customer = useFragment(
    graphql`
      fragment Privacy_customer on Customer {
        id
        name
        erasedAt
        mergedInto {
          id
        }
      }
    `,
    key,
  );
  if (customer.erasedAt || customer.mergedInto) return null;
  return (
    <>
      <Menu
        label={t("menu")}
        trigger={
          <Button look="quiet" icon={ShieldCheck}>
            {t("menu")}
          </Button>
        }
      >
        <MenuItem onAction={() => setAsking("EXPORT")}>{t("menuCopy")}</MenuItem>
        <MenuItem isDanger onAction={() => setAsking("ERASURE")}>
          {t("menuErase")}
        </MenuItem>
        <MenuSeparator />
        <MenuItem href="/settings/privacy">{t("menuList")}</MenuItem>
      </Menu>
      {asking && (
        <Suspense fallback={null}>
          <AskDialog customer={customer} kind={asking} onClose={() => setAsking(null)} />
        </Suspense>
      )}
    </>
  );
}
