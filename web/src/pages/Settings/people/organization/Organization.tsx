/** What the organization is called, what it speaks, and who may come in. */
import { useState } from "react";
import { graphql, useFragment, useLazyLoadQuery } from "react-relay";
import { useTranslations } from "use-intl";
import type { Organization_name$key } from "~/__generated__/Organization_name.graphql";
import type { OrganizationQuery } from "~/__generated__/OrganizationQuery.graphql";
import type { OrganizationRenameMutation } from "~/__generated__/OrganizationRenameMutation.graphql";
import { useMay } from "~/app/viewer";
import { Refusal, useChange } from "~/changes";
import { Button, ButtonLink } from "~/components/Button";
import { TextField } from "~/components/Field";
import { Page, Section } from "~/components/Page";
import { useTellProblem } from "~/components/Toast";
import { Customers } from "./Customers";
import { Languages } from "./Languages";
import { AssistantSwitch, PasswordSwitch } from "./Switches";

export default function Organization() {
  const t = useTranslations("people.organization");
  const words = useTranslations("app.nav");
  const mayManageSignIn = useMay("MANAGE_SIGN_IN");
  const { organization } = useLazyLoadQuery<OrganizationQuery>(
    graphql`
      query OrganizationQuery {
        organization {
          id
          ...Organization_name
          settings {
            ...Languages_settings
            ...Customers_settings
            ...Switches_settings
          }
        }
      }
    `,
    {},
    { fetchPolicy: "store-and-network" },
  );
  const { settings } = organization;
  const steps = <ButtonLink to="/start">{words("start")}</ButtonLink>;
  return (
    <Page title={t("title")} about={t("about")} actions={steps}>
      <Section title={t("identity")}>
        <Name organization={organization} />
      </Section>
      {settings && (
        <>
          <Section title={t("languages")} about={t("languagesAbout")}>
            <Languages settings={settings} />
          </Section>
          <Section title={t("customers")}>
            <Customers settings={settings} />
          </Section>
          <Section title={t("assistant")} about={t("assistantAbout")}>
            <AssistantSwitch settings={settings} />
          </Section>
          {mayManageSignIn && (
            <Section title={t("signIn")}>
              <PasswordSwitch settings={settings} />
            </Section>
          )}
        </>
      )}
    </Page>
  );
}

function Name({ organization: key }: { readonly organization: Organization_name$key }) {
  const t = useTranslations("people.organization");
  const act = useTranslations("app.act");
  const tellProblem = useTellProblem();
  const organization = useFragment(
    graphql`
      fragment Organization_name on Organization {
        name
        slug
      }
    `,
    key,
  );
  const [name, setName] = useState(organization.name);
  const [problem, setProblem] = useState<string>();
  const [rename, isBusy] = useChange<OrganizationRenameMutation>(graphql`
    mutation OrganizationRenameMutation($input: ChangeOrganizationInput!) {
      changeOrganization(input: $input) {
        ... on ChangeOrganizationSuccess {
          organization {
            id
            ...Organization_name
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
    await rename({ input: { name } }).catch((error: unknown) => {
      if (error instanceof Refusal && error.of("name")) setProblem(error.of("name"));
      else tellProblem(error);
    });
  };
  return (
    <form
      className="flex flex-col gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <div className="grid gap-4 sm:grid-cols-2">
        <TextField label={t("name")} value={name} onChange={setName} problem={problem} isRequired />
        <TextField label={t("slug")} hint={t("slugHint")} value={organization.slug} isReadOnly isDisabled />
      </div>
      <div className="flex justify-end">
        <Button type="submit" look="primary" isBusy={isBusy} isDisabled={name.trim() === organization.name}>
          {act("save")}
        </Button>
      </div>
    </form>
  );
}
