/** One person at work, with what can be done about them. */
import { Ban, LogOut, MonitorSmartphone, MoreHorizontal, RotateCcw, SlidersHorizontal } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { graphql, useFragment } from "react-relay";
import { useTranslations } from "use-intl";
import type { Member_agent$key } from "~/__generated__/Member_agent.graphql";
import type { Member_roles$key } from "~/__generated__/Member_roles.graphql";
import { useMay, useViewer } from "~/app/viewer";
import { Avatar, Badge } from "~/components/Badge";
import { IconButton } from "~/components/Button";
import { Menu, MenuItem, MenuSeparator } from "~/components/Menu";
import { ListItem } from "~/components/Table";
import { useRoleName } from "../roles/roleName";
import { useReinstatement } from "./standing";

const MemberDialog = lazy(() => import("./MemberDialog"));
const SessionsDialog = lazy(() => import("./SessionsDialog"));
const SuspendDialog = lazy(() => import("./SuspendDialog"));
const SignOutDialog = lazy(() => import("./SignOutDialog"));

interface MemberProps {
  readonly agent: Member_agent$key;
  readonly roles: Member_roles$key;
}

type Open = "change" | "sessions" | "suspend" | "signOut" | null;

export function Member({ agent: key, roles: rolesKey }: MemberProps) {
  const t = useTranslations("people.members");
  const nameOf = useRoleName();
  const [open, setOpen] = useState<Open>(null);
  const close = (): void => setOpen(null);
  const isMe = useViewer().agent?.id;
  const roles = useFragment(
    graphql`
      fragment Member_roles on Role @relay(plural: true) {
        id
        name
      }
    `,
    rolesKey,
  );
  const agent = useFragment(
    graphql`
      fragment Member_agent on Agent {
        id
        name
        email
        role
        suspendedAt
        teams {
          id
          name
        }
        ...MemberDialog_agent
      }
    `,
    key,
  );
  const title = (
    <span className="flex items-center gap-2">
      <span className="truncate">{agent.name}</span>
      {agent.id === isMe && <span className="text-ink-faint text-xs">{t("you")}</span>}
      <Badge tone={agent.role === "owner" || agent.role === "admin" ? "accent" : "neutral"}>{nameOf(agent.role)}</Badge>
      {agent.suspendedAt && <Badge tone="danger">{t("suspended")}</Badge>}
    </span>
  );
  const detail = [agent.email, ...agent.teams.map((team) => team.name)].filter(Boolean).join(" · ");
  return (
    <>
      <ListItem
        mark={<Avatar name={agent.name} size={28} />}
        title={title}
        detail={detail}
        actions={<Actions id={agent.id} name={agent.name} isSuspended={Boolean(agent.suspendedAt)} onOpen={setOpen} />}
      />
      <Suspense>
        {open === "change" && <MemberDialog agent={agent} roles={roles} onClose={close} />}
        {open === "sessions" && <SessionsDialog id={agent.id} name={agent.name} onClose={close} />}
        {open === "suspend" && <SuspendDialog id={agent.id} name={agent.name} onClose={close} />}
        {open === "signOut" && <SignOutDialog id={agent.id} name={agent.name} onClose={close} />}
      </Suspense>
    </>
  );
}

interface ActionsProps {
  readonly id: string;
  readonly name: string;
  readonly isSuspended: boolean;
  readonly onOpen: (what: Open) => void;
}

function Actions({ id, name, isSuspended, onOpen }: ActionsProps) {
  const t = useTranslations("people.members");
  const act = useTranslations("app.act");
  const mayManage = useMay("MANAGE_AGENTS");
  const mayRoute = useMay("MANAGE_ROUTING");
  const { grants, agent } = useViewer();
  const isMe = agent?.id === id;
  const maySessions = grants.some((one) => one.permission === "MANAGE_SESSIONS" && one.scope === "ALL");
  const reinstate = useReinstatement(id, name);
  if (!mayManage && !mayRoute && !maySessions) return null;
  return (
    <Menu trigger={<IconButton icon={MoreHorizontal} label={`${act("actions")}: ${name}`} />}>
      {(mayManage || mayRoute) && (
        <MenuItem icon={SlidersHorizontal} onAction={() => onOpen("change")}>
          {t("change")}
        </MenuItem>
      )}
      {maySessions && (
        <MenuItem icon={MonitorSmartphone} onAction={() => onOpen("sessions")}>
          {t("sessions")}
        </MenuItem>
      )}
      {maySessions && !isMe && (
        <MenuItem icon={LogOut} onAction={() => onOpen("signOut")}>
          {t("signOut")}
        </MenuItem>
      )}
      {mayManage && !isMe && <MenuSeparator />}
      {mayManage && isSuspended && (
        <MenuItem icon={RotateCcw} onAction={reinstate}>
          {t("reinstate")}
        </MenuItem>
      )}
      {mayManage && !isMe && !isSuspended && (
        <MenuItem icon={Ban} isDanger onAction={() => onOpen("suspend")}>
          {t("suspend")}
        </MenuItem>
      )}
    </Menu>
  );
}
