/** Who gets what: how long everything about the queue takes, and how much and what each agent can take. */
import { Pencil } from "lucide-react";
import { useState } from "react";
import { graphql, useFragment, useLazyLoadQuery } from "react-relay";
import { useTranslations } from "use-intl";
import type { Routing_agent$data, Routing_agent$key } from "~/__generated__/Routing_agent.graphql";
import type { Routing_policy$key } from "~/__generated__/Routing_policy.graphql";
import type { RoutingPolicyMutation } from "~/__generated__/RoutingPolicyMutation.graphql";
import type { RoutingQuery } from "~/__generated__/RoutingQuery.graphql";
import { Refusal, useChange } from "~/changes";
import { Avatar } from "~/components/Badge";
import { Button, IconButton } from "~/components/Button";
import { Problem } from "~/components/Feedback";
import { NumberField } from "~/components/Field";
import { Page, Section } from "~/components/Page";
import { List, ListItem } from "~/components/Table";
import { tell } from "~/components/Toast";
import { SkillsDialog } from "./SkillsDialog";

const TERMS = ["offerSeconds", "pauseSeconds", "graceSeconds", "topicSeconds", "languageSeconds"] as const;

export default function Routing() {
  const t = useTranslations("desk.routing");
  const { routingPolicy, agents } = useLazyLoadQuery<RoutingQuery>(
    graphql`
      query RoutingQuery {
        routingPolicy {
          ...Routing_policy
        }
        agents(first: 100) {
          nodes {
            id
            suspendedAt
            ...Routing_agent
          }
        }
      }
    `,
    {},
    { fetchPolicy: "store-and-network" },
  );
  return (
    <Page title={t("title")} about={t("about")}>
      <Section title={t("policy")}>
        <Policy policy={routingPolicy} />
      </Section>
      <Section title={t("agents")} about={t("agentsHint")}>
        <List label={t("agents")}>
          {agents.nodes
            .filter((agent) => !agent.suspendedAt)
            .map((agent) => (
              <Row key={agent.id} agent={agent} />
            ))}
        </List>
      </Section>
    </Page>
  );
}

function Policy({ policy: key }: { readonly policy: Routing_policy$key }) {
  const t = useTranslations("desk.routing");
  const act = useTranslations("app.act");
  const policy = useFragment(
    graphql`
      fragment Routing_policy on RoutingPolicy {
        offerSeconds
        pauseSeconds
        graceSeconds
        topicSeconds
        languageSeconds
      }
    `,
    key,
  );
  const [terms, setTerms] = useState(() => termsOf(policy));
  const [problem, setProblem] = useState<unknown>(null);
  const [save, isBusy] = useChange<RoutingPolicyMutation>(graphql`
    mutation RoutingPolicyMutation($input: SetRoutingPolicyInput!) {
      setRoutingPolicy(input: $input) {
        ... on SetRoutingPolicySuccess {
          routingPolicy {
            ...Routing_policy
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
  const refusal = problem instanceof Refusal ? problem : null;
  const submit = (): void => {
    setProblem(null);
    save({ input: terms }).then(() => tell(t("saved")), setProblem);
  };
  return (
    <div className="flex flex-col gap-4">
      <div className="grid gap-4 sm:grid-cols-2">
        {TERMS.map((term) => (
          <NumberField
            key={term}
            label={t(`terms.${term}`)}
            hint={t(`hints.${term}`)}
            minValue={0}
            value={terms[term]}
            onChange={(seconds) => setTerms({ ...terms, [term]: seconds })}
            problem={refusal?.of(term)}
          />
        ))}
      </div>
      <Problem of={problem} />
      <Button look="primary" className="self-start" isBusy={isBusy} onPress={submit}>
        {act("save")}
      </Button>
    </div>
  );
}

type Terms = { readonly [T in (typeof TERMS)[number]]: number };

function termsOf({ offerSeconds, pauseSeconds, graceSeconds, topicSeconds, languageSeconds }: Terms): Terms {
  return { offerSeconds, pauseSeconds, graceSeconds, topicSeconds, languageSeconds };
}

function Row({ agent: key }: { readonly agent: Routing_agent$key }) {
  const t = useTranslations("desk.routing");
  const [editing, setEditing] = useState<Routing_agent$data | null>(null);
  const agent = useFragment(
    graphql`
      fragment Routing_agent on Agent {
        id
        name
        availability {
          capacity
          load
          languages
          topics
        }
      }
    `,
    key,
  );
  const { capacity = 4, load = 0, languages = [], topics = [] } = agent.availability ?? {};
  const detail = [
    t("capacity", { load, capacity }),
    languages.length > 0 ? languages.join(", ") : t("everyLanguage"),
    topics.length > 0 ? topics.join(", ") : t("everyTopic"),
  ].join(" · ");
  return (
    <>
      <ListItem
        mark={<Avatar name={agent.name} />}
        title={agent.name}
        detail={detail}
        actions={
          <IconButton icon={Pencil} label={t("change", { name: agent.name })} onPress={() => setEditing(agent)} />
        }
      />
      {editing && <SkillsDialog agent={editing} onClose={() => setEditing(null)} />}
    </>
  );
}
