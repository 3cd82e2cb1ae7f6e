/** One webhook: how it does, what can be done with it, and the log of what it was sent. */
import { FlaskConical, KeyRound, MoreHorizontal, Pencil, Power, RotateCcw, Trash2 } from "lucide-react";
import { useState } from "react";
import { graphql, useFragment, useLazyLoadQuery } from "react-relay";
import { useTranslations } from "use-intl";
import type { Webhook_webhook$data, Webhook_webhook$key } from "~/__generated__/Webhook_webhook.graphql";
import type { WebhookQuery } from "~/__generated__/WebhookQuery.graphql";
import { useNavigate } from "~/app/navigation";
import { Ago, When } from "~/components/Badge";
import { Button, ButtonLink, IconButton } from "~/components/Button";
import { ConfirmDialog } from "~/components/Dialog";
import { EmptyState, Notice } from "~/components/Feedback";
import { Menu, MenuItem } from "~/components/Menu";
import { Page, Section } from "~/components/Page";
import { tell, useTellProblem } from "~/components/Toast";
import { useDeeds } from "./deeds";
import { Health, WEBHOOKS } from "./Health";
import { Log } from "./Log";
import { SecretDialog } from "./SecretDialog";
import { type Kept, WebhookDialog } from "./WebhookDialog";

type Told = Webhook_webhook$data;

export function Webhook({ id }: { readonly id: string }) {
  const t = useTranslations("connections.webhooks");
  const { node } = useLazyLoadQuery<WebhookQuery>(
    graphql`
      query WebhookQuery($id: ID!) {
        node(id: $id) {
          ...Webhook_webhook @alias(as: "webhook")
        }
      }
    `,
    { id },
    { fetchPolicy: "store-and-network" },
  );
  if (!node?.webhook) return <Gone title={t("gone")} back={t("all")} />;
  return <Known webhook={node.webhook} />;
}

function Gone({ title, back }: { readonly title: string; readonly back: string }) {
  return (
    <Page title={title}>
      <EmptyState icon={Trash2} title={title}>
        <ButtonLink to={WEBHOOKS}>{back}</ButtonLink>
      </EmptyState>
    </Page>
  );
}

function Known({ webhook: key }: { readonly webhook: Webhook_webhook$key }) {
  const t = useTranslations("connections.webhooks");
  const webhook = useFragment(
    graphql`
      fragment Webhook_webhook on Webhook {
        id
        url
        description
        document
        variables
        enabled
        whyDisabled
        failingSince
        previousSecretUntil
        createdAt
        grants {
          permission
        }
        ...Log_webhook
      }
    `,
    key,
  );
  return (
    <Page title={webhook.description || webhook.url} about={webhook.url} actions={<Actions webhook={webhook} />}>
      <Section
        title={t("state")}
        actions={<Health isEnabled={webhook.enabled} isFailing={Boolean(webhook.failingSince)} />}
      >
        <div className="flex flex-col gap-2 text-ink-muted">
          {webhook.whyDisabled && <Notice tone="danger">{t("why", { reason: webhook.whyDisabled })}</Notice>}
          {webhook.enabled && webhook.failingSince && (
            <Notice tone="warning">
              {t("failingSince")} <Ago at={webhook.failingSince} />. {t("failingHint")}
            </Notice>
          )}
          {webhook.previousSecretUntil && (
            <p>
              {t("oldSecret")} <When at={webhook.previousSecretUntil} withTime />
            </p>
          )}
          <details>
            <summary className="min-h-6">{t("document")}</summary>
            <pre className="mt-2 overflow-x-auto rounded-md bg-canvas p-3 font-mono text-xs">{webhook.document}</pre>
          </details>
        </div>
      </Section>
      <Log webhook={webhook} />
    </Page>
  );
}

/** What can be done with a webhook; what cannot be taken back is asked first. */
function Actions({ webhook }: { readonly webhook: Told }) {
  const t = useTranslations("connections.webhooks");
  const act = useTranslations("app.act");
  const navigate = useNavigate();
  const tellProblem = useTellProblem();
  const deeds = useDeeds(webhook.id);
  const [asking, setAsking] = useState<"edit" | "rotate" | "remove" | null>(null);
  const [secret, setSecret] = useState<string | null>(null);
  const close = (): void => setAsking(null);
  const say = (done: Promise<unknown>, words: string): void => void done.then(() => tell(words), tellProblem);
  return (
    <>
      <Button icon={FlaskConical} isBusy={deeds.isBusy} onPress={() => say(deeds.test(), t("tested"))}>
        {t("test")}
      </Button>
      <Button
        icon={Power}
        onPress={() => say(webhook.enabled ? deeds.disable() : deeds.enable(), t(webhook.enabled ? "off" : "well"))}
      >
        {t(webhook.enabled ? "disable" : "enable")}
      </Button>
      <Menu trigger={<IconButton icon={MoreHorizontal} label={act("actions")} />} label={act("actions")}>
        <MenuItem icon={Pencil} onAction={() => setAsking("edit")}>
          {act("edit")}
        </MenuItem>
        <MenuItem icon={RotateCcw} onAction={() => say(deeds.replay(), t("replayed"))}>
          {t("replay")}
        </MenuItem>
        <MenuItem icon={KeyRound} onAction={() => setAsking("rotate")}>
          {t("rotate")}
        </MenuItem>
        <MenuItem icon={Trash2} isDanger onAction={() => setAsking("remove")}>
          {act("delete")}
        </MenuItem>
      </Menu>
      {asking === "edit" && <WebhookDialog webhook={keptOf(webhook)} onClose={close} />}
      <ConfirmDialog
        title={t("rotate")}
        action={t("rotate")}
        isOpen={asking === "rotate"}
        isBusy={deeds.isBusy}
        onClose={close}
        onConfirm={() => deeds.rotate().then(setSecret)}
      >
        {t("rotateHint")}
      </ConfirmDialog>
      <ConfirmDialog
        title={t("delete")}
        action={act("delete")}
        isOpen={asking === "remove"}
        isBusy={deeds.isBusy}
        onClose={close}
        onConfirm={() => deeds.remove().then(() => navigate(WEBHOOKS))}
      >
        {t("deleteHint")}
      </ConfirmDialog>
      <SecretDialog secret={secret} onClose={() => setSecret(null)} />
    </>
  );
}

function keptOf({ id, url, description, document, variables, grants }: Told): Kept {
  const text = JSON.stringify(variables);
  const permissions = grants.map((grant) => grant.permission);
  return { id, url, description, document, variables: text === "{}" ? "" : text, permissions };
}
