/** With what the organization's own backend vouches for customers. */
import { Ban, KeyRound, Plus } from "lucide-react";
import { useState } from "react";
import { graphql, useFragment, useLazyLoadQuery, usePaginationFragment } from "react-relay";
import { useTranslations } from "use-intl";
import type { IdentityKeys_key$key } from "~/__generated__/IdentityKeys_key.graphql";
import type { IdentityKeys_list$key } from "~/__generated__/IdentityKeys_list.graphql";
import type { IdentityKeysPageQuery } from "~/__generated__/IdentityKeysPageQuery.graphql";
import type { IdentityKeysQuery } from "~/__generated__/IdentityKeysQuery.graphql";
import type { IdentityKeysRevokeMutation } from "~/__generated__/IdentityKeysRevokeMutation.graphql";
import { useChange } from "~/changes";
import { Badge, When } from "~/components/Badge";
import { Button, IconButton } from "~/components/Button";
import { ConfirmDialog } from "~/components/Dialog";
import { EmptyState } from "~/components/Feedback";
import { Page, Section } from "~/components/Page";
import { List, ListItem } from "~/components/Table";
import { Once } from "../parts/Copy";
import { IdentityKeyDialog, type Made } from "./IdentityKeyDialog";

export default function IdentityKeys() {
  const t = useTranslations("people.identityKeys");
  const [isMaking, setMaking] = useState(false);
  const [made, setMade] = useState<Made | null>(null);
  const query = useLazyLoadQuery<IdentityKeysQuery>(
    graphql`
      query IdentityKeysQuery {
        ...IdentityKeys_list
      }
    `,
    {},
    { fetchPolicy: "store-and-network" },
  );
  const create = (
    <Button look="primary" icon={Plus} onPress={() => setMaking(true)}>
      {t("create")}
    </Button>
  );
  return (
    <Page title={t("title")} about={t("about")} actions={create}>
      <Keys query={query} />
      {isMaking && <IdentityKeyDialog onMade={setMade} onClose={() => setMaking(false)} />}
      {made && <Once title={made.name} label={t("secret")} secret={made.secret} onClose={() => setMade(null)} />}
    </Page>
  );
}

function Keys({ query }: { readonly query: IdentityKeys_list$key }) {
  const t = useTranslations("people.identityKeys");
  const act = useTranslations("app.act");
  const { data, hasNext, isLoadingNext, loadNext } = usePaginationFragment<
    IdentityKeysPageQuery,
    IdentityKeys_list$key
  >(
    graphql`
      fragment IdentityKeys_list on Query
      @refetchable(queryName: "IdentityKeysPageQuery")
      @argumentDefinitions(count: { type: "Int", defaultValue: 20 }, cursor: { type: "String" }) {
        identityKeys(first: $count, after: $cursor) @connection(key: "IdentityKeys_identityKeys") {
          edges {
            node {
              id
              ...IdentityKeys_key
            }
          }
        }
      }
    `,
    query,
  );
  const { edges } = data.identityKeys;
  return (
    <Section>
      {edges.length === 0 ? (
        <EmptyState icon={KeyRound} title={t("empty")} hint={t("emptyHint")} />
      ) : (
        <List label={t("title")}>
          {edges.map(({ node }) => (
            <Row key={node.id} identityKey={node} />
          ))}
        </List>
      )}
      {hasNext && (
        <Button look="quiet" isBusy={isLoadingNext} onPress={() => loadNext(20)}>
          {act("more")}
        </Button>
      )}
    </Section>
  );
}

function Row({ identityKey }: { readonly identityKey: IdentityKeys_key$key }) {
  const t = useTranslations("people.identityKeys");
  const [isAsking, setAsking] = useState(false);
  const { id, name, kid, kind, createdAt, revokedAt } = useFragment(
    graphql`
      fragment IdentityKeys_key on IdentityKey {
        id
        name
        kid
        kind
        createdAt
        revokedAt
      }
    `,
    identityKey,
  );
  const [revoke, isBusy] = useChange<IdentityKeysRevokeMutation>(graphql`
    mutation IdentityKeysRevokeMutation($input: RevokeIdentityKeyInput!) {
      revokeIdentityKey(input: $input) {
        ... on RevokeIdentityKeySuccess {
          identityKey {
            ...IdentityKeys_key
          }
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
      <span className="truncate">{name}</span>
      {revokedAt && <Badge tone="danger">{t("revoked")}</Badge>}
    </span>
  );
  const detail = (
    <>
      {t(`kinds.${kind}`)} · {t("kid")} <code>{kid}</code> · <When at={createdAt} />
    </>
  );
  return (
    <>
      <ListItem
        title={title}
        detail={detail}
        actions={!revokedAt && <IconButton icon={Ban} label={t("revoke")} onPress={() => setAsking(true)} />}
      />
      <ConfirmDialog
        title={t("revokeTitle", { name })}
        action={t("revoke")}
        isOpen={isAsking}
        isBusy={isBusy}
        onClose={() => setAsking(false)}
        onConfirm={() => revoke({ input: { identityKeyId: id } })}
      >
        {t("revokeHint")}
      </ConfirmDialog>
    </>
  );
}
