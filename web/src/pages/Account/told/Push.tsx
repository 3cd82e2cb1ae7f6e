/** Which browsers are told by push, this one among them or not. */
import { BellRing, Trash2 } from "lucide-react";
import { useState } from "react";
import { graphql, useFragment } from "react-relay";
import { useTranslations } from "use-intl";
import type { Push_browsers$key } from "~/__generated__/Push_browsers.graphql";
import type { PushRegisterMutation } from "~/__generated__/PushRegisterMutation.graphql";
import type { PushRemoveMutation } from "~/__generated__/PushRemoveMutation.graphql";
import { present, useChange } from "~/changes";
import { Ago, Badge } from "~/components/Badge";
import { Button, IconButton } from "~/components/Button";
import { Notice } from "~/components/Feedback";
import { Section } from "~/components/Page";
import { List, ListItem } from "~/components/Table";
import { useTellProblem } from "~/components/Toast";
import { forgetSubscription, isSupported, keptId, remember, subscribe } from "./subscribing";

interface PushProps {
  readonly query: Push_browsers$key;
  /** Another browser is told from now on. */
  readonly onAdded: () => void;
}

export function Push({ query, onAdded }: PushProps) {
  const t = useTranslations("account.told.push");
  const tellProblem = useTellProblem();
  const [isDenied, setDenied] = useState(() => isSupported() && Notification.permission === "denied");
  const { pushPublicKey, pushSubscriptions, viewer } = useFragment(
    graphql`
      fragment Push_browsers on Query {
        pushPublicKey
        pushSubscriptions {
          id
          device
          createdAt
        }
        viewer {
          sessions {
            id
            device
            isCurrent
          }
        }
      }
    `,
    query,
  );
  const [register, isRegistering] = useRegister();
  const [remove] = useRemove();
  const mine = keptId();
  const isHere = pushSubscriptions.some(({ id }) => id === mine);
  const device = viewer.sessions?.find((session) => session.isCurrent)?.device ?? "";
  const turnOn = async (): Promise<void> => {
    const subscription = await subscribe(pushPublicKey);
    setDenied(subscription === null);
    if (!subscription) return;
    const { id } = await register({ input: { ...subscription, device: device || t("thisBrowser") } });
    if (id) remember(id);
    onAdded();
  };
  const takeAway = async (id: string): Promise<void> => {
    await remove({ input: { id } });
    if (id === mine) await forgetSubscription();
  };
  const actions = isSupported() && !isHere && (
    <Button
      icon={BellRing}
      isBusy={isRegistering}
      isDisabled={isDenied}
      onPress={() => void turnOn().catch(tellProblem)}
    >
      {t("turnOn")}
    </Button>
  );
  return (
    <Section title={t("title")} about={t("about")} actions={actions}>
      {!isSupported() && <Notice>{t("unsupported")}</Notice>}
      {isDenied && <Notice tone="warning">{t("denied")}</Notice>}
      <List label={t("title")}>
        {present(pushSubscriptions).map(({ id, device: name, createdAt }) => (
          <ListItem
            key={id}
            title={
              <span className="flex items-center gap-2">
                {name} {id === mine && <Badge tone="accent">{t("here")}</Badge>}
              </span>
            }
            detail={<Ago at={createdAt} />}
            actions={
              <IconButton
                icon={Trash2}
                label={t("remove", { name })}
                onPress={() => void takeAway(id).catch(tellProblem)}
              />
            }
          />
        ))}
      </List>
    </Section>
  );
}

function useRegister() {
  return useChange<PushRegisterMutation>(graphql`
    mutation PushRegisterMutation($input: RegisterPushSubscriptionInput!) {
      registerPushSubscription(input: $input) {
        ... on RegisterPushSubscriptionSuccess {
          id
        }
        ... on Error {
          code
          message
        }
      }
    }
  `);
}

function useRemove() {
  return useChange<PushRemoveMutation>(graphql`
    mutation PushRemoveMutation($input: RemovePushSubscriptionInput!) {
      removePushSubscription(input: $input) {
        ... on RemovePushSubscriptionSuccess {
          id @deleteRecord
        }
        ... on Error {
          code
          message
        }
      }
    }
  `);
}
