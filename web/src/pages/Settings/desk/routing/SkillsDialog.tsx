/** How much an agent can take, and of what. */
import { useState } from "react";
import { graphql } from "react-relay";
import { useTranslations } from "use-intl";
import type { Routing_agent$data } from "~/__generated__/Routing_agent.graphql";
import type { SkillsDialogMutation } from "~/__generated__/SkillsDialogMutation.graphql";
import { useChange } from "~/changes";
import { FormDialog } from "~/components/Dialog";
import { NumberField } from "~/components/Field";
import { Words } from "../parts/Words";

interface SkillsDialogProps {
  readonly agent: Routing_agent$data;
  readonly onClose: () => void;
}

export function SkillsDialog({ agent, onClose }: SkillsDialogProps) {
  const t = useTranslations("desk.routing");
  const [capacity, setCapacity] = useState(agent.availability?.capacity ?? 4);
  const [languages, setLanguages] = useState(agent.availability?.languages ?? []);
  const [topics, setTopics] = useState(agent.availability?.topics ?? []);
  const [save, isBusy] = useChange<SkillsDialogMutation>(graphql`
    mutation SkillsDialogMutation($input: SetAgentSkillsInput!) {
      setAgentSkills(input: $input) {
        ... on SetAgentSkillsSuccess {
          agent {
            ...Routing_agent
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
  return (
    <FormDialog
      isOpen
      title={agent.name}
      isBusy={isBusy}
      onSubmit={() => save({ input: { agentId: agent.id, capacity, languages, topics } })}
      onClose={onClose}
    >
      <NumberField label={t("atOnce")} minValue={0} maxValue={100} value={capacity} onChange={setCapacity} />
      <Words label={t("languages")} value={languages} onChange={setLanguages} />
      <Words label={t("topics")} value={topics} onChange={setTopics} />
      <p className="text-ink-faint text-xs">{t("noLimit")}</p>
    </FormDialog>
  );
}
