/** Settings of the organization, its people and what opens its doors. */
import { lazy } from "react";
import { useTranslations } from "use-intl";
import type { Place } from "../place";

const Organization = lazy(() => import("./organization/Organization"));
const Members = lazy(() => import("./members/Members"));
const Roles = lazy(() => import("./roles/Roles"));
const Teams = lazy(() => import("./teams/Teams"));
const Inboxes = lazy(() => import("./inboxes/Inboxes"));
const Hours = lazy(() => import("./hours/Hours"));
const Providers = lazy(() => import("./access/Providers"));
const IdentityKeys = lazy(() => import("./access/IdentityKeys"));
const ApiKeys = lazy(() => import("./access/ApiKeys"));
const Requests = lazy(() => import("./privacy/Requests"));
const AuditLog = lazy(() => import("./audit/AuditLog"));

export function usePeoplePlaces(): readonly Place[] {
  const t = useTranslations("people");
  const privacy = useTranslations("privacy");
  return [
    {
      path: "organization",
      group: "organization",
      title: t("organization.title"),
      may: "MANAGE_ORGANIZATION",
      component: Organization,
    },
    { path: "members", group: "people", title: t("members.title"), may: "READ_AGENTS", component: Members },
    { path: "roles", group: "people", title: t("roles.title"), may: "READ_AGENTS", component: Roles },
    { path: "teams", group: "people", title: t("teams.title"), may: "READ_AGENTS", component: Teams },
    { path: "inboxes", group: "desk", title: t("inboxes.title"), may: "READ_ORGANIZATION", component: Inboxes },
    { path: "hours", group: "organization", title: t("hours.title"), may: "MANAGE_ORGANIZATION", component: Hours },
    { path: "providers", group: "security", title: t("providers.title"), may: "MANAGE_SIGN_IN", component: Providers },
    {
      path: "identity-keys",
      group: "security",
      title: t("identityKeys.title"),
      may: "MANAGE_SIGN_IN",
      component: IdentityKeys,
    },
    { path: "api-keys", group: "programs", title: t("apiKeys.title"), may: "MANAGE_API_KEYS", component: ApiKeys },
    { path: "privacy", group: "security", title: privacy("title"), may: "MANAGE_PRIVACY", component: Requests },
    { path: "audit", group: "security", title: t("audit.title"), may: "READ_AUDIT_LOG", component: AuditLog },
  ];
}
