/** With what machines sign in. */
import { Ban, KeySquare, Plus } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { graphql, useFragment, useLazyLoadQuery, usePaginationFragment } from "react-relay";
import { useTranslations } from "use-intl";
import type { ApiKeys_key$key } from "~/__generated__/ApiKeys_key.graphql";
import type { ApiKeys_list$key } from "~/__generated__/ApiKeys_list.graphql";
import type { ApiKeysPageQuery } from "~/__generated__/ApiKeysPageQuery.graphql";
import type { ApiKeysQuery } from "~/__generated__/ApiKeysQuery.graphql";
import type { ApiKeysRevokeMutation } from "~/__generated__/ApiKeysRevokeMutation.graphql";
import { useChange } from "~/changes";
import { Ago, Badge, When } from "~/components/Badge";
import { Button, IconButton } from "~/components/Button";
import { ConfirmDialog } from "~/components/Dialog";
import { EmptyState } from "~/components/Feedback";
import { Page, Section } from "~/components/Page";
import { List, ListItem } from "~/components/Table";
import { Once } from "../parts/Copy";
import { Reason } from "../roles/RoleDialog";
import type { Made } from "./IdentityKeyDialog";

const ApiKeyDialog = lazy(() => import("./ApiKeyDialog"));

export default function ApiKeys() {
  const t = useTranslations("people.apiKeys");
  const [isMaking, setMaking] = useState(false);
  const [made, setMade] = useState<Made | null>(null);
  const query = useLazyLoadQuery<ApiKeysQuery>(
    graphql`
      query ApiKeysQuery {
        ...ApiKeys_list
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
      <Suspense>{isMaking && <ApiKeyDialog onMade={setMade} onClose={() => setMaking(false)} />}</Suspense>
      {made && <Once title={made.name} label={t("secret")} secret={made.secret} onClose={() => setMade(null)} />}
    </Page>
  );
}

function Keys({ query }: { readonly query: ApiKeys_list$key }) {
  const t = useTranslations("people.apiKeys");
  const act = useTranslations("app.act");
  const { data, hasNext, isLoadingNext, loadNext } = usePaginationFragment<ApiKeysPageQuery, ApiKeys_list$key>(
    graphql`
      fragment ApiKeys_list on Query
      @refetchable(queryName: "ApiKeysPageQuery")
      @argumentDefinitions(count: { type: "Int", defaultValue: 20 }, cursor: { type: "String" }) {
        apiKeys(first: $count, after: $cursor) @connection(key: "ApiKeys_apiKeys") {
          edges {
            node {
              id
              ...ApiKeys_key
            }
          }
        }
      }
    `,
    query,
  );
  const { edges } = data.apiKeys;
  return (
    <Section>
      {edges.length === 0 ? (
        <EmptyState icon={KeySquare} title={t("empty")} hint={t("emptyHint")} />
      ) : (
        <List label={t("title")}>
          {edges.map(({ node }) => (
            <Row key={node.id} apiKey={node} />
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

function Row({ apiKey: key }: { readonly apiKey: ApiKeys_key$key }) {
  const t = useTranslations("people.apiKeys");
  const roles = useTranslations("people.roles");
  const [isAsking, setAsking] = useState(false);
  const [reason, setReason] = useState("");
  const apiKey = useFragment(
    graphql`
      fragment ApiKeys_key on ApiKey {
        id
        name
        prefix
        grants {
          permission
        }
        expiresAt
        lastUsedAt
        revokedAt
        createdBy {
          name
        }
      }
    `,
    key,
  );
  const [revoke, isBusy] = useRevoke();
  const hasEnded = apiKey.expiresAt !== null && new Date(apiKey.expiresAt) <= new Date();
  const title = (
    <span className="flex items-center gap-2">
      <span className="truncate">{apiKey.name}</span>
      <code className="font-normal text-ink-faint text-xs">{apiKey.prefix}…</code>
      {apiKey.revokedAt ? (
        <Badge tone="danger">{t("revoked")}</Badge>
      ) : (
        hasEnded && <Badge tone="warning">{t("ended")}</Badge>
      )}
    </span>
  );
  const detail = (
    <>
      {roles("count", { count: apiKey.grants.length })}
      {apiKey.createdBy && ` · ${t("by", { name: apiKey.createdBy.name })}`}
      {" · "}
      {apiKey.lastUsedAt ? (
        <>
          {t("lastUsed")} <Ago at={apiKey.lastUsedAt} />
        </>
      ) : (
        t("neverUsed")
      )}
      {apiKey.expiresAt && !hasEnded && (
        <>
          {" · "}
          {t("endsAt")} <When at={apiKey.expiresAt} />
        </>
      )}
    </>
  );
  return (
    <>
      <ListItem
        title={title}
        detail={detail}
        actions={
          !apiKey.revokedAt &&
          !hasEnded && <IconButton icon={Ban} label={t("revoke")} onPress={() => setAsking(true)} />
        }
      />
      <ConfirmDialog
        title={t("revokeTitle", { name: apiKey.name })}
        action={t("revoke")}
        isOpen={isAsking}
        isBusy={isBusy}
        onClose={() => setAsking(false)}
        onConfirm={() => revoke({ input: { apiKeyId: apiKey.id, reason: reason || null } })}
      >
        <p className="mb-4">{t("revokeHint")}</p>
        <Reason value={reason} onChange={setReason} />
      </ConfirmDialog>
    </>
  );
}

function useRevoke() {
  return useChange<ApiKeysRevokeMutation>(graphql`
    mutation ApiKeysRevokeMutation($input: RevokeApiKeyInput!) {
      revokeApiKey(input: $input) {
        ... on RevokeApiKeySuccess {
          apiKey {
            ...ApiKeys_key
          }
        }
        ... on Error {
          code
          message
        }
      }
    }
  `);
}
