/** Somebody's role, and what they are asked to take. */
import { useState } from "react";
import { graphql, useFragment } from "react-relay";
import { useTranslations } from "use-intl";
import type { MemberDialog_agent$key } from "~/__generated__/MemberDialog_agent.graphql";
import type { MemberDialogRoleMutation } from "~/__generated__/MemberDialogRoleMutation.graphql";
import type { MemberDialogSkillsMutation } from "~/__generated__/MemberDialogSkillsMutation.graphql";
import { useMay } from "~/app/viewer";
import { useChange } from "~/changes";
import { Select } from "~/components/Choice";
import { FormDialog } from "~/components/Dialog";
import { NumberField } from "~/components/Field";
import { useLanguageName } from "../organization/Languages";
import { TokenField } from "../parts/TokenField";
import { Reason } from "../roles/RoleDialog";
import { useRoleName } from "../roles/roleName";

interface MemberDialogProps {
  readonly agent: MemberDialog_agent$key;
  readonly roles: readonly { readonly id: string; readonly name: string }[];
  readonly onClose: () => void;
}

interface Skills {
  readonly languages: readonly string[];
  readonly topics: readonly string[];
  readonly capacity: number;
}

export default function MemberDialog({ agent: key, roles, onClose }: MemberDialogProps) {
  const t = useTranslations("people.members");
  const mayManage = useMay("MANAGE_AGENTS");
  const mayRoute = useMay("MANAGE_ROUTING");
  const nameOf = useRoleName();
  const agent = useFragment(
    graphql`
      fragment MemberDialog_agent on Agent {
        id
        name
        assignedRole {
          id
        }
        availability {
          languages
          topics
          capacity
        }
      }
    `,
    key,
  );
  const before: Skills = agent.availability ?? { languages: [], topics: [], capacity: 4 };
  const [roleId, setRoleId] = useState(agent.assignedRole?.id ?? null);
  const [skills, setSkills] = useState(before);
  const [reason, setReason] = useState("");
  const [assign, isAssigning] = useAssign();
  const [qualify, isQualifying] = useQualify();
  const submit = async (): Promise<void> => {
    const shared = { agentId: agent.id, reason: reason || null };
    if (roleId && roleId !== agent.assignedRole?.id) await assign({ input: { ...shared, roleId } });
    if (mayRoute && skills !== before) await qualify({ input: { ...shared, ...skills } });
  };
  return (
    <FormDialog isOpen title={agent.name} isBusy={isAssigning || isQualifying} onSubmit={submit} onClose={onClose}>
      {mayManage && (
        <Select
          label={t("role")}
          value={roleId}
          onChange={setRoleId}
          choices={roles.map(({ id, name }) => ({ id, label: nameOf(name) }))}
        />
      )}
      {mayRoute && <SkillFields value={skills} onChange={setSkills} />}
      <Reason value={reason} onChange={setReason} />
    </FormDialog>
  );
}

interface SkillFieldsProps {
  readonly value: Skills;
  readonly onChange: (skills: Skills) => void;
}

function SkillFields({ value, onChange }: SkillFieldsProps) {
  const t = useTranslations("people.members");
  const organization = useTranslations("people.organization");
  const show = useLanguageName();
  const put = (part: Partial<Skills>): undefined => onChange({ ...value, ...part }) as undefined;
  return (
    <fieldset className="flex flex-col gap-4">
      <legend className="mb-3 font-semibold">{t("skills")}</legend>
      <TokenField
        label={t("languages")}
        hint={t("languagesHint")}
        add={organization("languageAdd")}
        values={value.languages}
        show={show}
        onChange={(languages) => put({ languages })}
      />
      <TokenField
        label={t("topics")}
        hint={t("topicsHint")}
        add={t("topics")}
        values={value.topics}
        onChange={(topics) => put({ topics })}
      />
      <NumberField
        label={t("capacity")}
        hint={t("capacityHint")}
        minValue={0}
        maxValue={100}
        value={value.capacity}
        onChange={(capacity) => put({ capacity })}
      />
    </fieldset>
  );
}

function useAssign() {
  return useChange<MemberDialogRoleMutation>(graphql`
    mutation MemberDialogRoleMutation($input: AssignRoleInput!) {
      assignRole(input: $input) {
        ... on AssignRoleSuccess {
          agent {
            id
            ...Member_agent
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

function useQualify() {
  return useChange<MemberDialogSkillsMutation>(graphql`
    mutation MemberDialogSkillsMutation($input: SetAgentSkillsInput!) {
      setAgentSkills(input: $input) {
        ... on SetAgentSkillsSuccess {
          agent {
            id
            ...MemberDialog_agent
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
