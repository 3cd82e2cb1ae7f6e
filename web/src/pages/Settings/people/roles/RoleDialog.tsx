/** Making a role, changing one, or seeing what one allows. */
import { useState } from "react";
import { graphql } from "react-relay";
import { useTranslations } from "use-intl";
import type { GrantsField_permissions$key } from "~/__generated__/GrantsField_permissions.graphql";
import type { RoleDialogChangeMutation } from "~/__generated__/RoleDialogChangeMutation.graphql";
import type { RoleDialogCreateMutation } from "~/__generated__/RoleDialogCreateMutation.graphql";
import type { Roles_role$data } from "~/__generated__/Roles_role.graphql";
import { Refusal, useChange } from "~/changes";
import { Dialog, FormDialog } from "~/components/Dialog";
import { TextField } from "~/components/Field";
import { joining } from "../parts/lists";
import { GrantsField } from "./GrantsField";
import { asGrants, asInput, type Grants } from "./grants";
import { useRoleName } from "./roleName";

interface RoleDialogProps {
  readonly role: Roles_role$data | null;
  readonly permissions: GrantsField_permissions$key;
  readonly isReadOnly: boolean;
  readonly onClose: () => void;
}

export function RoleDialog({ role, permissions, isReadOnly, onClose }: RoleDialogProps) {
  const t = useTranslations("people.roles");
  const act = useTranslations("app.act");
  const nameOf = useRoleName();
  const [name, setName] = useState(role?.name ?? "");
  const [grants, setGrants] = useState<Grants>(() => asGrants(role?.grants ?? []));
  const [problem, setProblem] = useState<string>();
  const [reason, setReason] = useState("");
  const [save, isBusy] = useSave(role?.id);
  const field = <GrantsField permissions={permissions} value={grants} onChange={setGrants} isReadOnly={isReadOnly} />;
  if (isReadOnly) {
    return (
      <Dialog title={nameOf(name)} isOpen onClose={onClose} size="wide">
        {field}
      </Dialog>
    );
  }
  const submit = async (): Promise<void> => {
    setProblem(undefined);
    await save(name, grants, reason || null).catch((error: unknown) => {
      if (error instanceof Refusal) setProblem(error.of("name"));
      throw error;
    });
  };
  return (
    <FormDialog
      isOpen
      size="wide"
      title={t(role ? "change" : "create")}
      submit={role ? undefined : act("create")}
      isBusy={isBusy}
      isDisabled={name.trim() === "" || grants.size === 0}
      onSubmit={submit}
      onClose={onClose}
    >
      <TextField label={t("name")} value={name} onChange={setName} problem={problem} autoFocus />
      {field}
      {role && <Reason value={reason} onChange={setReason} />}
    </FormDialog>
  );
}

/** Why something is done, for the audit log. */
export function Reason({ value, onChange }: { readonly value: string; readonly onChange: (value: string) => void }) {
  const t = useTranslations("people.parts");
  return <TextField label={t("reason")} hint={t("reasonHint")} value={value} onChange={onChange} maxLength={500} />;
}

type Save = (name: string, grants: Grants, reason: string | null) => Promise<unknown>;

/** Make a role, or change the one of this id. */
function useSave(id: string | undefined): [Save, boolean] {
  const [create, isCreating] = useChange<RoleDialogCreateMutation>(graphql`
    mutation RoleDialogCreateMutation($input: CreateRoleInput!) {
      createRole(input: $input) {
        ... on CreateRoleSuccess {
          role {
            id
            ...Roles_role
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
  const [change, isChanging] = useChange<RoleDialogChangeMutation>(graphql`
    mutation RoleDialogChangeMutation($input: ChangeRoleInput!) {
      changeRole(input: $input) {
        ... on ChangeRoleSuccess {
          role {
            ...Roles_role
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
  const save: Save = (name, grants, reason) =>
    id
      ? change({ input: { roleId: id, name, grants: asInput(grants), reason } })
      : create({ input: { name, grants: asInput(grants) } }, { updater: joining("roles", "createRole", "role") });
  return [save, isCreating || isChanging];
}
