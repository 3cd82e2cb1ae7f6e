/** What one is called, and where one works. */
import { Suspense, useState } from "react";
import { graphql, useLazyLoadQuery } from "react-relay";
import { useTranslations } from "use-intl";
import type { ProfileQuery } from "~/__generated__/ProfileQuery.graphql";
import type { ProfileRenameMutation } from "~/__generated__/ProfileRenameMutation.graphql";
import { Refusal, useChange } from "~/changes";
import { Button } from "~/components/Button";
import { Notice, Skeleton } from "~/components/Feedback";
import { TextField } from "~/components/Field";
import { Section } from "~/components/Page";
import { tell, useTellProblem } from "~/components/Toast";
import { Organizations } from "./Organizations";

export function Profile() {
  return (
    <Suspense fallback={<Skeleton lines={4} />}>
      <div className="flex flex-col gap-6">
        <You />
        <Organizations />
      </div>
    </Suspense>
  );
}

function You() {
  const t = useTranslations("account.profile");
  const { viewer } = useLazyLoadQuery<ProfileQuery>(
    graphql`
      query ProfileQuery {
        viewer {
          agent {
            id
            name
          }
          person {
            email
          }
        }
      }
    `,
    {},
    { fetchPolicy: "store-and-network" },
  );
  return (
    <Section title={t("title")}>
      <div className="flex flex-col gap-4">
        {viewer.agent && <Name name={viewer.agent.name} />}
        {viewer.person ? (
          <TextField label={t("email")} hint={t("emailHint")} value={viewer.person.email} isReadOnly isDisabled />
        ) : (
          <Notice>{t("noPerson")}</Notice>
        )}
      </div>
    </Section>
  );
}

function Name({ name: before }: { readonly name: string }) {
  const t = useTranslations("account.profile");
  const act = useTranslations("app.act");
  const tellProblem = useTellProblem();
  const [name, setName] = useState(before);
  const [problem, setProblem] = useState<string>();
  const [rename, isBusy] = useChange<ProfileRenameMutation>(graphql`
    mutation ProfileRenameMutation($input: ChangeAgentInput!) {
      changeAgent(input: $input) {
        ... on ChangeAgentSuccess {
          agent {
            id
            name
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
  const save = async (): Promise<void> => {
    setProblem(undefined);
    try {
      await rename({ input: { name } });
      tell(t("saved", { name }));
    } catch (error) {
      if (error instanceof Refusal && error.of("name")) setProblem(error.of("name"));
      else tellProblem(error);
    }
  };
  return (
    <form
      className="flex items-start gap-2"
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <TextField
        label={t("name")}
        hint={t("nameHint")}
        value={name}
        onChange={setName}
        problem={problem}
        autoComplete="name"
        isRequired
        className="min-w-0 flex-1"
      />
      <Button type="submit" isBusy={isBusy} isDisabled={name.trim() === before} className="mt-6">
        {act("save")}
      </Button>
    </form>
  );
}
