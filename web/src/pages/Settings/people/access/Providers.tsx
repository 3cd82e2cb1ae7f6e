/** Where else the organization's people sign in. */
import { LogIn, Pencil, Plus, Trash2 } from "lucide-react";
import { useState } from "react";
import { graphql, useFragment, useLazyLoadQuery } from "react-relay";
import { useTranslations } from "use-intl";
import type { Providers_provider$data, Providers_provider$key } from "~/__generated__/Providers_provider.graphql";
import type { ProvidersDeleteMutation } from "~/__generated__/ProvidersDeleteMutation.graphql";
import type { ProvidersQuery } from "~/__generated__/ProvidersQuery.graphql";
import { useViewer } from "~/app/viewer";
import { present, useChange } from "~/changes";
import { Badge } from "~/components/Badge";
import { Button, IconButton } from "~/components/Button";
import { ConfirmDialog } from "~/components/Dialog";
import { EmptyState, Notice } from "~/components/Feedback";
import { Page, Section } from "~/components/Page";
import { List, ListItem } from "~/components/Table";
import { Copy } from "../parts/Copy";
import { ProviderDialog } from "./ProviderDialog";

export default function Providers() {
  const t = useTranslations("people.providers");
  const isOwner = useViewer().agent?.role === "owner";
  const [editing, setEditing] = useState<"new" | Providers_provider$data | null>(null);
  const { identityProviders } = useLazyLoadQuery<ProvidersQuery>(
    graphql`
      query ProvidersQuery {
        identityProviders {
          id
          ...Providers_provider
        }
      }
    `,
    {},
    { fetchPolicy: "store-and-network" },
  );
  const create = (
    <Button look="primary" icon={Plus} onPress={() => setEditing("new")}>
      {t("create")}
    </Button>
  );
  return (
    <Page title={t("title")} about={t("about")} actions={isOwner && create}>
      {!isOwner && <Notice>{t("ownersOnly")}</Notice>}
      <Section>
        {identityProviders.length === 0 ? (
          <EmptyState icon={LogIn} title={t("empty")} hint={t("emptyHint")} />
        ) : (
          <List label={t("title")}>
            {present(identityProviders).map((provider) => (
              <Row key={provider.id} provider={provider} onEdit={setEditing} />
            ))}
          </List>
        )}
      </Section>
      <Section>
        <Copy label={t("redirect")} hint={t("redirectHint")} text={`${location.origin}/auth/oidc/callback`} />
      </Section>
      {editing && <ProviderDialog provider={editing === "new" ? null : editing} onClose={() => setEditing(null)} />}
    </Page>
  );
}

interface RowProps {
  readonly provider: Providers_provider$key;
  readonly onEdit: (provider: Providers_provider$data) => void;
}

function Row({ provider: key, onEdit }: RowProps) {
  const t = useTranslations("people.providers");
  const act = useTranslations("app.act");
  const [isAsking, setAsking] = useState(false);
  const provider = useFragment(
    graphql`
      fragment Providers_provider on IdentityProvider {
        id
        name
        issuer
        clientId
        enabled
      }
    `,
    key,
  );
  const [remove, isBusy] = useChange<ProvidersDeleteMutation>(graphql`
    mutation ProvidersDeleteMutation($input: DeleteIdentityProviderInput!) {
      deleteIdentityProvider(input: $input) {
        ... on DeleteIdentityProviderSuccess {
          deletedId @deleteRecord
        }
        ... on Error {
          code
          message
        }
      }
    }
  `);
  const title = (
    <span className="flex items-center gap-2">
      <span className="truncate">{provider.name}</span>
      {!provider.enabled && <Badge tone="warning">{t("off")}</Badge>}
    </span>
  );
  const actions = (
    <>
      <IconButton icon={Pencil} label={act("edit")} onPress={() => onEdit(provider)} />
      <IconButton icon={Trash2} label={act("delete")} onPress={() => setAsking(true)} />
    </>
  );
  return (
    <>
      <ListItem title={title} detail={provider.issuer} actions={actions} />
      <ConfirmDialog
        title={t("deleteTitle", { name: provider.name })}
        action={act("delete")}
        isOpen={isAsking}
        isBusy={isBusy}
        onClose={() => setAsking(false)}
        onConfirm={() => remove({ input: { identityProviderId: provider.id } })}
      >
        {t("deleteHint")}
      </ConfirmDialog>
    </>
  );
}
