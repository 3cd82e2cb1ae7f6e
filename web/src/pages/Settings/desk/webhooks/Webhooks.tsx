/** Other systems that hear of what happens: the list, and the page of one. */
import { Plus, Webhook as WebhookIcon } from "lucide-react";
import { useState } from "react";
import { graphql, useFragment, useLazyLoadQuery } from "react-relay";
import { useTranslations } from "use-intl";
import type { Webhooks_webhook$key } from "~/__generated__/Webhooks_webhook.graphql";
import type { WebhooksQuery } from "~/__generated__/WebhooksQuery.graphql";
import { Link, Route, Switch } from "~/app/navigation";
import { Button } from "~/components/Button";
import { EmptyState } from "~/components/Feedback";
import { Page, Section } from "~/components/Page";
import { List, ListItem } from "~/components/Table";
import { Health, WEBHOOKS } from "./Health";
import { SecretDialog } from "./SecretDialog";
import { Webhook } from "./Webhook";
import { WebhookDialog } from "./WebhookDialog";

export default function Webhooks() {
  return (
    <Switch>
      <Route path={WEBHOOKS} component={All} />
      <Route path={`${WEBHOOKS}/:id`}>{({ id }) => <Webhook key={id} id={decodeURIComponent(id)} />}</Route>
    </Switch>
  );
}

function All() {
  const t = useTranslations("connections.webhooks");
  const [isMaking, setMaking] = useState(false);
  const [secret, setSecret] = useState<string | null>(null);
  const { webhooks } = useLazyLoadQuery<WebhooksQuery>(
    graphql`
      query WebhooksQuery {
        webhooks {
          id
          ...Webhooks_webhook
        }
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
      <Section>
        {webhooks.length === 0 ? (
          <EmptyState icon={WebhookIcon} title={t("empty")} hint={t("emptyHint")} />
        ) : (
          <List label={t("title")}>
            {webhooks.map((webhook) => (
              <Row key={webhook.id} webhook={webhook} />
            ))}
          </List>
        )}
      </Section>
      {isMaking && <WebhookDialog webhook={null} onSecret={setSecret} onClose={() => setMaking(false)} />}
      <SecretDialog secret={secret} onClose={() => setSecret(null)} />
    </Page>
  );
}

function Row({ webhook: key }: { readonly webhook: Webhooks_webhook$key }) {
  const webhook = useFragment(
    graphql`
      fragment Webhooks_webhook on Webhook {
        id
        url
        description
        enabled
        failingSince
      }
    `,
    key,
  );
  const title = (
    <Link to={`${WEBHOOKS}/${encodeURIComponent(webhook.id)}`} className="hover:underline">
      {webhook.description || webhook.url}
    </Link>
  );
  const mark = <Health isEnabled={webhook.enabled} isFailing={Boolean(webhook.failingSince)} />;
  return <ListItem title={title} detail={webhook.description ? webhook.url : undefined} actions={mark} />;
}
