/** Which roles there are, and what each of them allows. */
import { Eye, Pencil, Plus, Trash2 } from "lucide-react";
import { useState } from "react";
import { graphql, useFragment, useLazyLoadQuery } from "react-relay";
import { useTranslations } from "use-intl";
import type { Roles_role$data, Roles_role$key } from "~/__generated__/Roles_role.graphql";
import type { RolesDeleteMutation } from "~/__generated__/RolesDeleteMutation.graphql";
import type { RolesQuery } from "~/__generated__/RolesQuery.graphql";
import { useMay } from "~/app/viewer";
import { present, useChange } from "~/changes";
import { Badge } from "~/components/Badge";
import { Button, IconButton } from "~/components/Button";
import { ConfirmDialog } from "~/components/Dialog";
import { Page, Section } from "~/components/Page";
import { List, ListItem } from "~/components/Table";
import { RoleDialog } from "./RoleDialog";
import { useRoleName } from "./roleName";

const ROLE = graphql`
  fragment Roles_role on Role {
    id
    name
    isBuiltin
    grants {
      permission
      scope
    }
  }
`;

export default function Roles() {
  const t = useTranslations("people.roles");
  const mayManage = useMay("MANAGE_ROLES");
  const [editing, setEditing] = useState<"new" | Roles_role$data | null>(null);
  const { roles, permissions } = useLazyLoadQuery<RolesQuery>(
    graphql`
      query RolesQuery {
        roles {
          id
          ...Roles_role
        }
        permissions {
          ...GrantsField_permissions
        }
      }
    `,
    {},
    { fetchPolicy: "store-and-network" },
  );
  const create = (
    <Button look="primary" icon={Plus} onPress={() => setEditing("new")}>
      {t("create")}
    </Button>
  );
  return (
    <Page title={t("title")} about={t("about")} actions={mayManage && create}>
      <Section>
        <List label={t("title")}>
          {present(roles).map((role) => (
            <Row key={role.id} role={role} mayManage={mayManage} onOpen={setEditing} />
          ))}
        </List>
      </Section>
      {editing && (
        <RoleDialog
          role={editing === "new" ? null : editing}
          permissions={permissions}
          isReadOnly={!mayManage || (editing !== "new" && editing.isBuiltin)}
          onClose={() => setEditing(null)}
        />
      )}
    </Page>
  );
}

interface RowProps {
  readonly role: Roles_role$key;
  readonly mayManage: boolean;
  readonly onOpen: (role: Roles_role$data) => void;
}

function Row({ role: key, mayManage, onOpen }: RowProps) {
  const t = useTranslations("people.roles");
  const act = useTranslations("app.act");
  const nameOf = useRoleName();
  const role = useFragment(ROLE, key);
  const [isAsking, setAsking] = useState(false);
  const [remove, isBusy] = useChange<RolesDeleteMutation>(graphql`
    mutation RolesDeleteMutation($input: DeleteRoleInput!) {
      deleteRole(input: $input) {
        ... on DeleteRoleSuccess {
          deletedId @deleteRecord
        }
        ... on Error {
          code
          message
        }
      }
    }
  `);
  const isMine = mayManage && !role.isBuiltin;
  const actions = (
    <>
      <IconButton icon={isMine ? Pencil : Eye} label={isMine ? act("edit") : t("show")} onPress={() => onOpen(role)} />
      {isMine && <IconButton icon={Trash2} label={act("delete")} onPress={() => setAsking(true)} />}
    </>
  );
  const title = (
    <span className="flex items-center gap-2">
      <span className="truncate">{nameOf(role.name)}</span>
      {role.isBuiltin && <Badge>{t("builtin")}</Badge>}
    </span>
  );
  return (
    <>
      <ListItem title={title} detail={t("count", { count: role.grants.length })} actions={actions} />
      <ConfirmDialog
        title={t("deleteTitle", { name: role.name })}
        action={act("delete")}
        isOpen={isAsking}
        isBusy={isBusy}
        onClose={() => setAsking(false)}
        onConfirm={() => remove({ input: { roleId: role.id } })}
      >
        {t("deleteHint")}
      </ConfirmDialog>
    </>
  );
}
