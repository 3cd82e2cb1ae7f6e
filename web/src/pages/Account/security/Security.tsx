/** How one gets in, and where one is in. */
import { Suspense } from "react";
import { graphql, useLazyLoadQuery } from "react-relay";
import { useTranslations } from "use-intl";
import type { SecurityEndOthersMutation } from "~/__generated__/SecurityEndOthersMutation.graphql";
import type { SecurityQuery } from "~/__generated__/SecurityQuery.graphql";
import { useChange } from "~/changes";
import { Button } from "~/components/Button";
import { Skeleton } from "~/components/Feedback";
import { Section } from "~/components/Page";
import { List } from "~/components/Table";
import { tell, useTellProblem } from "~/components/Toast";
import { SessionRow } from "../sessions/SessionRow";
import { Password } from "./Password";
import { SecondFactor } from "./SecondFactor";

export function Security() {
  return (
    <Suspense fallback={<Skeleton lines={6} />}>
      <Parts />
    </Suspense>
  );
}

function Parts() {
  const { viewer } = useLazyLoadQuery<SecurityQuery>(
    graphql`
      query SecurityQuery {
        viewer {
          person {
            ...SecondFactor_person
          }
          sessions {
            id
            ...SessionRow_session
          }
        }
      }
    `,
    {},
    { fetchPolicy: "store-and-network" },
  );
  return (
    <div className="flex flex-col gap-6">
      {viewer.person && (
        <>
          <Password />
          <SecondFactor person={viewer.person} />
        </>
      )}
      {viewer.sessions && <Sessions sessions={viewer.sessions} />}
    </div>
  );
}

type Sessions = NonNullable<SecurityQuery["response"]["viewer"]["sessions"]>;

function Sessions({ sessions }: { readonly sessions: Sessions }) {
  const t = useTranslations("account.sessions");
  const tellProblem = useTellProblem();
  const [endOthers, isBusy] = useChange<SecurityEndOthersMutation>(graphql`
    mutation SecurityEndOthersMutation($input: EndOtherSessionsInput!) {
      endOtherSessions(input: $input) {
        ... on EndOtherSessionsSuccess {
          session {
            id
          }
        }
        ... on Error {
          code
          message
        }
      }
    }
  `);
  const end = (): void => {
    endOthers(
      { input: {} },
      {
        updater: (store) => {
          const one = store.getRootField("endOtherSessions")?.getLinkedRecord("session");
          if (one) store.getRoot().getLinkedRecord("viewer")?.setLinkedRecords([one], "sessions");
        },
      },
    ).then(() => tell(t("endedOthers")), tellProblem);
  };
  const actions = sessions.length > 1 && (
    <Button isBusy={isBusy} onPress={end}>
      {t("endOthers")}
    </Button>
  );
  return (
    <Section title={t("title")} about={t("about")} actions={actions}>
      <List label={t("title")}>
        {sessions.map((session) => (
          <SessionRow key={session.id} session={session} />
        ))}
      </List>
    </Section>
  );
}
