/** Who the customer is: how they are called and reached, and whether that is sure. */
import { BadgeCheck, type Ban, Mail, MailWarning, Pencil, Phone, Tag } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { graphql, useFragment } from "react-relay";
import { useTranslations } from "use-intl";
import type { Who_customer$data, Who_customer$key } from "~/__generated__/Who_customer.graphql";
import { useMay } from "~/app/viewer";
import { When } from "~/components/Badge";
import { IconButton } from "~/components/Button";
import { Notice } from "~/components/Feedback";
import { Fact, Facts, Part } from "../Part";
import { Blocking } from "./Blocking";

const WhoDialog = lazy(() => import("./WhoDialog"));
const KINDS = { EMAIL: Mail, PHONE: Phone, EXTERNAL: Tag } as const;

export function Who({ customer: key }: { readonly customer: Who_customer$key }) {
  const t = useTranslations("panel.customer");
  const mayWrite = useMay("WRITE_CUSTOMERS");
  const [isEditing, setEditing] = useState(false);
  const customer = useFragment(
    graphql`
      fragment Who_customer on Customer {
        id
        name
        email
        phone
        language
        zone
        externalId
        verifiedAt
        blockedAt
        createdAt
        contacts {
          kind
          value
          verifiedAt
          bouncedAt
        }
        ...WhoDialog_customer
        ...Blocking_customer
      }
    `,
    key,
  );
  const actions = mayWrite && (
    <>
      <IconButton icon={Pencil} label={t("edit")} onPress={() => setEditing(true)} />
      <Blocking customer={customer} />
    </>
  );
  return (
    <Part id="customer" title={t("title")} actions={actions}>
      {customer.blockedAt && (
        <Notice tone="danger">
          {t("blocked")} <When at={customer.blockedAt} />
        </Notice>
      )}
      <Contacts of={customer} />
      <Facts>
        {customer.language && <Fact name={t("language")}>{languageOf(customer.language)}</Fact>}
        {customer.zone && (
          <Fact name={t("zone")}>
            <LocalTime zone={customer.zone} />
          </Fact>
        )}
        {customer.verifiedAt && (
          <Fact name={t("verified")}>
            <When at={customer.verifiedAt} />
          </Fact>
        )}
        {customer.createdAt && (
          <Fact name={t("created")}>
            <When at={customer.createdAt} />
          </Fact>
        )}
      </Facts>
      {isEditing && (
        <Suspense fallback={null}>
          <WhoDialog customer={customer} onClose={() => setEditing(false)} />
        </Suspense>
      )}
    </Part>
  );
}

/** Their addresses; what the profile says and no address does comes before. */
function Contacts({ of: { contacts, email, phone, externalId } }: { readonly of: Who_customer$data }) {
  const t = useTranslations("panel.customer");
  const more = [
    { kind: "EMAIL" as const, value: email },
    { kind: "PHONE" as const, value: phone },
    { kind: "EXTERNAL" as const, value: externalId },
  ].flatMap(({ kind, value }) =>
    value && !contacts.some((contact) => contact.value.toLowerCase() === value.toLowerCase())
      ? [{ kind, value, verifiedAt: null, bouncedAt: null }]
      : [],
  );
  const all = [...more, ...contacts];
  if (all.length === 0) return <p className="text-ink-faint">{t("noContacts")}</p>;
  return (
    <ul aria-label={t("contacts")} className="flex flex-col gap-1">
      {all.map(({ kind, value, verifiedAt, bouncedAt }) => {
        const Icon = KINDS[kind];
        return (
          <li key={`${kind}${value}`} className="flex min-h-6 items-center gap-2">
            <span title={t(`contact.${kind}`)} className="shrink-0 text-ink-faint">
              <Icon size={16} aria-hidden />
              <span className="sr-only">{t(`contact.${kind}`)}</span>
            </span>
            <span className="min-w-0 select-all [overflow-wrap:anywhere]">{value}</span>
            {verifiedAt && <Mark icon={BadgeCheck} label={t("contactVerified")} look="text-success" />}
            {bouncedAt && <Mark icon={MailWarning} label={t("bounced")} look="text-danger" />}
          </li>
        );
      })}
    </ul>
  );
}

interface MarkProps {
  readonly icon: typeof Ban;
  readonly label: string;
  readonly look: string;
}

function Mark({ icon: Icon, label, look }: MarkProps) {
  return (
    <span title={label} className={`shrink-0 ${look}`}>
      <Icon size={16} aria-hidden />
      <span className="sr-only">{label}</span>
    </span>
  );
}

/** The zone, and what time it is there: nobody likes to be called at night. */
function LocalTime({ zone }: { readonly zone: string }) {
  const t = useTranslations("panel.customer");
  const time = timeIn(zone);
  return <>{time ? t("time", { zone, time }) : zone}</>;
}

function timeIn(zone: string): string | undefined {
  try {
    return new Intl.DateTimeFormat(document.documentElement.lang, { timeStyle: "short", timeZone: zone }).format();
  } catch {
    return undefined;
  }
}

function languageOf(tag: string): string {
  try {
    return new Intl.DisplayNames(document.documentElement.lang || "en", { type: "language" }).of(tag) ?? tag;
  } catch {
    return tag;
  }
}
