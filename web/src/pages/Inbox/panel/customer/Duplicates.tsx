/** Others who may be the same person, and making two one. */
import { Merge } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { graphql, useFragment } from "react-relay";
import { useTranslations } from "use-intl";
import type { Duplicates_customer$key } from "~/__generated__/Duplicates_customer.graphql";
import { Link } from "~/app/navigation";
import { useMay } from "~/app/viewer";
import { Avatar } from "~/components/Badge";
import { Button } from "~/components/Button";
import { List, ListItem } from "~/components/Table";
import { Part } from "../Part";
import type { Person } from "./MergeDialog";

const MergeDialog = lazy(() => import("./MergeDialog"));

export function Duplicates({ customer: key }: { readonly customer: Duplicates_customer$key }) {
  const t = useTranslations("panel.customer");
  const mayWrite = useMay("WRITE_CUSTOMERS");
  const [other, setOther] = useState<Person | null>(null);
  const customer = useFragment(
    graphql`
      fragment Duplicates_customer on Customer {
        id
        name
        duplicates {
          id
          name
          email
          phone
        }
      }
    `,
    key,
  );
  if (customer.duplicates.length === 0) return null;
  return (
    <Part id="duplicates" title={t("duplicates")}>
      <p className="text-ink-muted">{t("duplicatesHint")}</p>
      <List label={t("duplicates")}>
        {customer.duplicates.map((one) => (
          <ListItem
            key={one.id}
            mark={<Avatar name={one.name} />}
            title={
              <Link to={`/customers/${encodeURIComponent(one.id)}`} className="hover:underline">
                {one.name || t("nameless")}
              </Link>
            }
            detail={one.email ?? one.phone}
            actions={
              mayWrite && (
                <Button icon={Merge} onPress={() => setOther(one)}>
                  {t("merge")}
                </Button>
              )
            }
          />
        ))}
      </List>
      {other && (
        <Suspense>
          <MergeDialog from={other} into={customer} onClose={() => setOther(null)} />
        </Suspense>
      )}
    </Part>
  );
}
