/** How one is told of what concerns one: by kind and means, when not to be disturbed, and which browsers hear of it. */
import { Suspense, startTransition, useState } from "react";
import { graphql, useFragment, useLazyLoadQuery } from "react-relay";
import { useTranslations } from "use-intl";
import type { Told_preferences$key } from "~/__generated__/Told_preferences.graphql";
import type { ToldMutation } from "~/__generated__/ToldMutation.graphql";
import type { ToldQuery } from "~/__generated__/ToldQuery.graphql";
import { Refusal, useChange } from "~/changes";
import { Button } from "~/components/Button";
import { Problem, Skeleton } from "~/components/Feedback";
import { Section } from "~/components/Page";
import { tell } from "~/components/Toast";
import { KindTable } from "./KindTable";
import { Push } from "./Push";
import { asForm, asInput } from "./preferences";
import { Quiet } from "./Quiet";

export function Told() {
  return (
    <Suspense fallback={<Skeleton lines={8} />}>
      <Parts />
    </Suspense>
  );
}

function Parts() {
  const [seen, setSeen] = useState(0);
  const data = useLazyLoadQuery<ToldQuery>(
    graphql`
      query ToldQuery {
        notificationPreferences {
          ...Told_preferences
        }
        ...Push_browsers
      }
    `,
    {},
    { fetchPolicy: "store-and-network", fetchKey: seen },
  );
  return (
    <div className="flex flex-col gap-6">
      <Push query={data} onAdded={() => startTransition(() => setSeen(seen + 1))} />
      <Preferences preferences={data.notificationPreferences} />
    </div>
  );
}

function Preferences({ preferences }: { readonly preferences: Told_preferences$key }) {
  const t = useTranslations("account.told");
  const act = useTranslations("app.act");
  const stored = useFragment(
    graphql`
      fragment Told_preferences on NotificationPreferences {
        kinds {
          kind
          means
          isUrgent
        }
        zone
        quietHours {
          begins
          ends
          urgentPasses
        }
        digest
        number
        language
      }
    `,
    preferences,
  );
  const [form, setForm] = useState(() => asForm(stored));
  const [problem, setProblem] = useState<unknown>(null);
  const [change, isBusy] = useSave();
  const save = (): void => {
    setProblem(null);
    change({ input: asInput(form) }).then(() => tell(t("saved")), setProblem);
  };
  return (
    <form
      className="flex flex-col gap-6"
      onSubmit={(event) => {
        event.preventDefault();
        save();
      }}
    >
      <Section title={t("kinds")} about={t("kindsAbout")}>
        <KindTable form={form} onChange={setForm} />
      </Section>
      <Section title={t("quiet")} about={t("quietAbout")}>
        <Quiet form={form} onChange={setForm} refusal={problem instanceof Refusal ? problem : undefined} />
      </Section>
      <Problem of={problem} />
      <div className="flex justify-end">
        <Button type="submit" look="primary" isBusy={isBusy}>
          {act("save")}
        </Button>
      </div>
    </form>
  );
}

function useSave() {
  return useChange<ToldMutation>(graphql`
    mutation ToldMutation($input: ChangeNotificationPreferencesInput!) {
      changeNotificationPreferences(input: $input) {
        ... on ChangeNotificationPreferencesSuccess {
          preferences {
            ...Told_preferences
          }
        }
        ... on InvalidInputError {
          fields {
            path
            message
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
