/** Hearing a customer no more, and again. */
import { Ban, CircleCheck } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { graphql, useFragment } from "react-relay";
import { useTranslations } from "use-intl";
import type { Blocking_customer$key } from "~/__generated__/Blocking_customer.graphql";
import { IconButton } from "~/components/Button";

const BlockDialog = lazy(() => import("./BlockDialog"));

export function Blocking({ customer: key }: { readonly customer: Blocking_customer$key }) {
  const t = useTranslations("panel.customer");
  const [isAsking, setAsking] = useState(false);
  const { id, name, blockedAt } = useFragment(
    graphql`
      fragment Blocking_customer on Customer {
        id
        name
        blockedAt
      }
    `,
    key,
  );
  return (
    <>
      <IconButton
        icon={blockedAt ? CircleCheck : Ban}
        label={t(blockedAt ? "unblock" : "block")}
        onPress={() => setAsking(true)}
      />
      {isAsking && (
        <Suspense>
          <BlockDialog id={id} name={name} isBlocked={Boolean(blockedAt)} onClose={() => setAsking(false)} />
        </Suspense>
      )}
    </>
  );
}
