/** Inviting somebody to work here. */
import { useState } from "react";
import { graphql } from "react-relay";
import { useTranslations } from "use-intl";
import type { InviteDialogMutation } from "~/__generated__/InviteDialogMutation.graphql";
import { Refusal, useChange } from "~/changes";
import { Checkbox, Select } from "~/components/Choice";
import { FormDialog } from "~/components/Dialog";
import { TextField } from "~/components/Field";
import { tell } from "~/components/Toast";
import { beginning } from "../parts/lists";
import { useRoleName } from "../roles/roleName";

interface Named {
  readonly id: string;
  readonly name: string;
}

interface InviteDialogProps {
  readonly roles: readonly Named[];
  readonly teams: readonly Named[];
  readonly onClose: () => void;
}

export function InviteDialog({ roles, teams, onClose }: InviteDialogProps) {
  const t = useTranslations("people.invitations");
  const members = useTranslations("people.members");
  const nameOf = useRoleName();
  const [email, setEmail] = useState("");
  const [name, setName] = useState("");
  const [roleId, setRoleId] = useState(roles.find((role) => role.name === "agent")?.id ?? null);
  const [teamIds, setTeamIds] = useState<readonly string[]>([]);
  const [refusal, setRefusal] = useState<Refusal>();
  const [invite, isBusy] = useInvite();
  const submit = async (): Promise<void> => {
    if (!roleId) return;
    setRefusal(undefined);
    await invite(email, name, roleId, teamIds).catch((error: unknown) => {
      if (error instanceof Refusal) setRefusal(error);
      throw error;
    });
    tell(t("sent", { email }));
  };
  return (
    <FormDialog
      isOpen
      title={members("invite")}
      submit={t("send")}
      isBusy={isBusy}
      isDisabled={!email.trim() || !name.trim() || !roleId}
      onSubmit={submit}
      onClose={onClose}
    >
      <TextField
        label={t("email")}
        type="email"
        value={email}
        onChange={setEmail}
        problem={refusal?.of("email")}
        autoFocus
      />
      <TextField label={t("name")} hint={t("nameHint")} value={name} onChange={setName} problem={refusal?.of("name")} />
      <Select
        label={t("role")}
        value={roleId}
        onChange={setRoleId}
        problem={refusal?.of("roleId")}
        choices={roles.map((role) => ({ id: role.id, label: nameOf(role.name) }))}
      />
      {teams.length > 0 && <Several label={t("teams")} of={teams} value={teamIds} onChange={setTeamIds} />}
    </FormDialog>
  );
}

interface SeveralProps {
  readonly label: string;
  readonly of: readonly Named[];
  readonly value: readonly string[];
  readonly onChange: (value: readonly string[]) => void;
}

/** Several of a list, all in sight. */
export function Several({ label, of, value, onChange }: SeveralProps) {
  const toggle = (id: string, isChosen: boolean): void =>
    onChange(isChosen ? [...value, id] : value.filter((one) => one !== id));
  return (
    <fieldset className="flex max-h-56 flex-col gap-1 overflow-auto rounded-md border border-line px-3 py-2">
      <legend className="px-1 font-medium text-sm">{label}</legend>
      {of.map(({ id, name }) => (
        <Checkbox key={id} isSelected={value.includes(id)} onChange={(isChosen) => toggle(id, isChosen)}>
          {name}
        </Checkbox>
      ))}
    </fieldset>
  );
}

type Invite = (email: string, name: string, roleId: string, teamIds: readonly string[]) => Promise<unknown>;

/** Send an invitation; it joins the list of those that are shown. */
export function useInvite(): [Invite, boolean] {
  const [invite, isBusy] = useChange<InviteDialogMutation>(graphql`
    mutation InviteDialogMutation($input: InviteAgentInput!) {
      inviteAgent(input: $input) {
        ... on InviteAgentSuccess {
          invitation {
            id
            ...Invitations_invitation
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
  const send: Invite = (email, name, roleId, teamIds) =>
    invite(
      { input: { email, name, roleId, teamIds } },
      { updater: beginning("Invitations_invitations", "inviteAgent", "invitation", "InvitationEdge") },
    );
  return [send, isBusy];
}
