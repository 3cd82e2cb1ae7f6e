/** Permissions with how far they reach, as a table that a person fills in, and as the server takes them. */
import type { GrantInput } from "~/__generated__/RoleDialogCreateMutation.graphql";

export type Permission = GrantInput["permission"];
export type Scope = GrantInput["scope"];
export type Grants = ReadonlyMap<Permission, Scope>;

/** In which order and company permissions are shown; one that is new, and named in none, comes with the last. */
export const GROUPS = {
  conversation: ["READ_CONVERSATIONS", "REPLY_TO_CONVERSATIONS", "START_CONVERSATIONS"],
  customer: ["READ_CUSTOMERS", "WRITE_CUSTOMERS", "MANAGE_PRIVACY"],
  knowledge: ["READ_KNOWLEDGE", "READ_INTERNAL_KNOWLEDGE", "WRITE_KNOWLEDGE"],
  assistant: ["READ_ASSISTANT", "MANAGE_ASSISTANT", "APPROVE_ACTIONS", "MANAGE_BUDGETS"],
  organization: [
    "READ_ORGANIZATION",
    "MANAGE_ORGANIZATION",
    "READ_AGENTS",
    "MANAGE_AGENTS",
    "MANAGE_ROLES",
    "MANAGE_TEAMS",
    "MANAGE_SIGN_IN",
    "MANAGE_SESSIONS",
  ],
  desk: ["MANAGE_INBOXES", "MANAGE_DESK", "MANAGE_ROUTING", "MANAGE_AUTOMATION"],
  outside: ["MANAGE_CHANNELS", "BRING_MESSAGES", "MANAGE_WEBHOOKS", "READ_DELIVERIES", "MANAGE_API_KEYS"],
  records: ["READ_ANALYTICS", "READ_AUDIT_LOG", "MANAGE_JOBS"],
} as const satisfies Record<string, readonly Permission[]>;

export type Group = keyof typeof GROUPS;

interface Entry {
  readonly permission: Permission;
  readonly scopes: readonly Scope[];
}

/** Entries by group, in the order of `GROUPS`; groups without any are left out. */
export function grouped<E extends Entry>(entries: readonly E[]): readonly (readonly [Group, readonly E[]])[] {
  const known = new Map(entries.map((entry) => [entry.permission, entry]));
  const named = new Set<Permission>(Object.values(GROUPS).flat());
  const others = entries.filter((entry) => !named.has(entry.permission));
  return (Object.keys(GROUPS) as Group[])
    .map((group) => {
      const mine = (GROUPS[group] as readonly Permission[]).flatMap((permission) => known.get(permission) ?? []);
      return [group, group === "records" ? [...mine, ...others] : mine] as const;
    })
    .filter(([, mine]) => mine.length > 0);
}

export function asGrants(grants: readonly GrantInput[]): Grants {
  return new Map(grants.map(({ permission, scope }) => [permission, scope]));
}

export function asInput(grants: Grants): GrantInput[] {
  return [...grants].map(([permission, scope]) => ({ permission, scope }));
}

/** The grants with another reach for one permission; null takes it away. */
export function granted(grants: Grants, permission: Permission, scope: Scope | null): Grants {
  const changed = new Map(grants);
  if (scope === null) changed.delete(permission);
  else changed.set(permission, scope);
  return changed;
}

const REACH: readonly Scope[] = ["OWN", "TEAM", "ALL"];

/** Whether somebody who holds a scope may give another one. */
export function covers(held: Scope | undefined, wanted: Scope): boolean {
  return held !== undefined && REACH.indexOf(held) >= REACH.indexOf(wanted);
}
