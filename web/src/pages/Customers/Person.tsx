/** One customer: what happened to them, their conversations, and who they are. */
import { ArrowLeft, UserX } from "lucide-react";
import { graphql, useFragment, useLazyLoadQuery } from "react-relay";
import { useTranslations } from "use-intl";
import type { Person_customer$key } from "~/__generated__/Person_customer.graphql";
import type { Person_definitions$key } from "~/__generated__/Person_definitions.graphql";
import type { PersonQuery } from "~/__generated__/PersonQuery.graphql";
import { Link, useSearchParams } from "~/app/navigation";
import { useMay } from "~/app/viewer";
import { When } from "~/components/Badge";
import { ButtonLink } from "~/components/Button";
import { EmptyState, Notice } from "~/components/Feedback";
import { Page } from "~/components/Page";
import { Tabs } from "~/components/Tabs";
import { Duplicates } from "../Inbox/panel/customer/Duplicates";
import { Known } from "../Inbox/panel/customer/Known";
import { Who } from "../Inbox/panel/customer/Who";
import { Conversations } from "./Conversations";
import { Privacy } from "./Privacy";
import { Timeline } from "./Timeline";

export function Person({ id }: { readonly id: string }) {
  const t = useTranslations("customers");
  const { customer, attributeDefinitions } = useLazyLoadQuery<PersonQuery>(
    graphql`
      query PersonQuery($id: ID!) {
        customer(id: $id) {
          id
          ...Person_customer
        }
        attributeDefinitions {
          id
          ...Person_definitions
        }
      }
    `,
    { id },
    { fetchPolicy: "store-and-network" },
  );
  if (!customer)
    return (
      <Page title={t("gone")}>
        <EmptyState icon={UserX} title={t("gone")} hint={t("goneHint")}>
          <ButtonLink to="/customers">{t("all")}</ButtonLink>
        </EmptyState>
      </Page>
    );
  return <Profile customer={customer} definitions={attributeDefinitions} />;
}

interface ProfileProps {
  readonly customer: Person_customer$key;
  readonly definitions: Person_definitions$key;
}

function Profile({ customer: key, definitions: definitionsKey }: ProfileProps) {
  const t = useTranslations("customers");
  const privacy = useTranslations("privacy");
  const mayErase = useMay("MANAGE_PRIVACY");
  const [params, setParams] = useSearchParams();
  const customer = useFragment(
    graphql`
      fragment Person_customer on Customer {
        id
        name
        blockedAt
        erasedAt
        mergedInto {
          id
          name
        }
        ...Who_customer
        ...Known_customer
        ...Duplicates_customer
        ...Timeline_customer
        ...Conversations_customer
        ...Privacy_customer
      }
    `,
    key,
  );
  const definitions = useFragment(
    graphql`
      fragment Person_definitions on AttributeDefinition @relay(plural: true) {
        ...Known_definitions
      }
    `,
    definitionsKey,
  );
  const tabs = [
    { id: "timeline" as const, label: t("timeline"), content: <Timeline customer={customer} /> },
    { id: "conversations" as const, label: t("conversations"), content: <Conversations customer={customer} /> },
  ];
  const selected = params.get("tab") === "conversations" ? "conversations" : "timeline";
  return (
    <Page
      title={customer.name || t("nameless")}
      width="wide"
      actions={
        <>
          {mayErase && <Privacy customer={customer} />}
          <ButtonLink look="quiet" icon={ArrowLeft} to="/customers">
            {t("all")}
          </ButtonLink>
        </>
      }
    >
      {customer.erasedAt && (
        <Notice>
          {privacy("erased")} · <When at={customer.erasedAt} withTime />
        </Notice>
      )}
      {customer.mergedInto && (
        <Notice tone="warning">
          {t("mergedInto")}{" "}
          <Link to={`/customers/${encodeURIComponent(customer.mergedInto.id)}`} className="underline">
            {customer.mergedInto.name || t("nameless")}
          </Link>
        </Notice>
      )}
      <div className="flex flex-col gap-6 lg:flex-row-reverse lg:items-start">
        <aside aria-label={t("profile")} className="shrink-0 rounded-xl border border-line bg-surface lg:w-80">
          <Who customer={customer} />
          <Known customer={customer} definitions={definitions} />
          <Duplicates customer={customer} />
        </aside>
        <div className="min-w-0 flex-1 rounded-xl border border-line bg-surface px-5 py-2">
          <Tabs
            label={t("parts")}
            tabs={tabs}
            selected={selected}
            onSelect={(tab) => setParams(tab === "timeline" ? {} : { tab }, { replace: true })}
          />
        </div>
      </div>
    </Page>
  );
}
