/** Customers in a table. */
import { BadgeCheck } from "lucide-react";
import { graphql, useFragment } from "react-relay";
import { useTranslations } from "use-intl";
import type { Rows_customers$data, Rows_customers$key } from "~/__generated__/Rows_customers.graphql";
import { Link } from "~/app/navigation";
import { Avatar, Badge, When } from "~/components/Badge";
import { type Column, Table } from "~/components/Table";

export function Rows({ customers: key }: { readonly customers: Rows_customers$key }) {
  const t = useTranslations("customers.column");
  const title = useTranslations("customers")("title");
  const customers = useFragment(
    graphql`
      fragment Rows_customers on Customer @relay(plural: true) {
        id
        name
        email
        phone
        verifiedAt
        blockedAt
        createdAt
      }
    `,
    key,
  );
  const columns: readonly Column<Rows_customers$data[number]>[] = [
    { id: "name", label: t("name"), cell: (customer) => <Name of={customer} /> },
    { id: "email", label: t("email"), cell: ({ email }) => <Cut words={email} /> },
    { id: "phone", label: t("phone"), cell: ({ phone }) => <Cut words={phone} />, isMinor: true },
    {
      id: "created",
      label: t("created"),
      cell: ({ createdAt }) => createdAt && <When at={createdAt} />,
      isMinor: true,
      isNumber: true,
    },
  ];
  return <Table label={title} columns={columns} rows={customers} keyOf={({ id }) => id} />;
}

function Name({ of }: { readonly of: Rows_customers$data[number] }) {
  const t = useTranslations("customers");
  return (
    <span className="flex min-w-0 items-center gap-2.5">
      <Avatar name={of.name || "?"} size={28} />
      <Link
        to={`/customers/${encodeURIComponent(of.id)}`}
        className="line-clamp-2 min-w-0 font-medium [overflow-wrap:anywhere] hover:underline"
      >
        {of.name || t("nameless")}
      </Link>
      {of.verifiedAt && (
        <span title={t("verified")} className="shrink-0 text-success">
          <BadgeCheck size={16} aria-hidden />
          <span className="sr-only">{t("verified")}</span>
        </span>
      )}
      {of.blockedAt && <Badge tone="danger">{t("blocked")}</Badge>}
    </span>
  );
}

function Cut({ words }: { readonly words: string | null | undefined }) {
  return <span className="text-ink-muted [overflow-wrap:anywhere]">{words ?? "–"}</span>;
}
