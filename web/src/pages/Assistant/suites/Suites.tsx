/** Suites of test cases: what the assistant must go on doing right, whoever writes its instructions. */
import { ListChecks, Plus } from "lucide-react";
import { useState } from "react";
import { graphql, useLazyLoadQuery } from "react-relay";
import { ROOT_ID } from "relay-runtime";
import { useTranslations } from "use-intl";
import type { SuitesCreateMutation } from "~/__generated__/SuitesCreateMutation.graphql";
import type { SuitesQuery } from "~/__generated__/SuitesQuery.graphql";
import { Link, Route, Switch, useNavigate } from "~/app/navigation";
import { useMay } from "~/app/viewer";
import { Refusal, useChange } from "~/changes";
import { Badge } from "~/components/Badge";
import { Button } from "~/components/Button";
import { FormDialog } from "~/components/Dialog";
import { EmptyState } from "~/components/Feedback";
import { NumberField, TextField } from "~/components/Field";
import { Page, Section } from "~/components/Page";
import { List, ListItem } from "~/components/Table";
import { Suite } from "./Suite";

export default function Suites() {
  return (
    <Switch>
      <Route path="/assistant/suites/:suite">{({ suite }) => <Suite key={suite} id={suite} />}</Route>
      <Route component={All} />
    </Switch>
  );
}

function All() {
  const t = useTranslations("assistant.suites");
  const mayManage = useMay("MANAGE_ASSISTANT");
  const [isCreating, setCreating] = useState(false);
  const { suites } = useLazyLoadQuery<SuitesQuery>(
    graphql`
      query SuitesQuery {
        suites {
          id
          name
          isGate
          caseCount
          trialsPerCase
        }
      }
    `,
    {},
    { fetchPolicy: "store-and-network" },
  );
  const create = (
    <Button look="primary" icon={Plus} onPress={() => setCreating(true)}>
      {t("create")}
    </Button>
  );
  return (
    <Page title={t("title")} about={t("about")} actions={mayManage && create}>
      <Section>
        {suites.length === 0 ? (
          <EmptyState icon={ListChecks} title={t("empty")} hint={t("emptyHint")} />
        ) : (
          <List label={t("title")}>
            {suites.map((suite) => (
              <ListItem
                key={suite.id}
                title={
                  <span className="flex items-center gap-2">
                    <Link to={`/assistant/suites/${encodeURIComponent(suite.id)}`} className="truncate hover:underline">
                      {suite.name}
                    </Link>
                    {suite.isGate && <Badge tone="accent">{t("gate")}</Badge>}
                  </span>
                }
                detail={t("size", { cases: suite.caseCount, trials: suite.trialsPerCase })}
              />
            ))}
          </List>
        )}
      </Section>
      {isCreating && <Creation onClose={() => setCreating(false)} />}
    </Page>
  );
}

function Creation({ onClose }: { readonly onClose: () => void }) {
  const t = useTranslations("assistant.suites");
  const act = useTranslations("app.act");
  const navigate = useNavigate();
  const [name, setName] = useState("");
  const [trials, setTrials] = useState(1);
  const [problem, setProblem] = useState<string>();
  const [create, isBusy] = useCreate();
  const submit = async (): Promise<void> => {
    try {
      const { suite } = await create(name.trim(), trials);
      if (suite) navigate(`/assistant/suites/${encodeURIComponent(suite.id)}`);
    } catch (error) {
      setProblem(error instanceof Refusal ? error.of("name") : undefined);
      throw error;
    }
  };
  return (
    <FormDialog
      isOpen
      title={t("create")}
      submit={act("create")}
      isBusy={isBusy}
      isDisabled={name.trim() === ""}
      onSubmit={submit}
      onClose={onClose}
    >
      <TextField label={t("name")} value={name} onChange={setName} problem={problem} maxLength={200} autoFocus />
      <NumberField
        label={t("trials")}
        hint={t("trialsHint")}
        value={trials}
        onChange={setTrials}
        minValue={1}
        maxValue={16}
      />
    </FormDialog>
  );
}

function useCreate() {
  const [create, isBusy] = useChange<SuitesCreateMutation>(graphql`
    mutation SuitesCreateMutation($input: CreateSuiteInput!) {
      createSuite(input: $input) {
        ... on CreateSuiteSuccess {
          suite {
            id
            name
            isGate
            caseCount
            trialsPerCase
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
  const make = (name: string, trialsPerCase: number) =>
    create(
      { input: { name, trialsPerCase } },
      {
        updater: (store) => {
          const suite = store.getRootField("createSuite")?.getLinkedRecord("suite");
          const root = store.get(ROOT_ID);
          if (suite && root) root.setLinkedRecords([...(root.getLinkedRecords("suites") ?? []), suite], "suites");
        },
      },
    );
  return [make, isBusy] as const;
}
