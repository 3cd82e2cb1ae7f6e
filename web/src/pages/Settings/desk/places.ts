/** Settings of how conversations are handled. */
import { lazy } from "react";
import { useTranslations } from "use-intl";
import type { Place } from "../place";

const Tags = lazy(() => import("./Tags"));
const Macros = lazy(() => import("./macros/Macros"));
const Rules = lazy(() => import("./rules/Rules"));
const Levels = lazy(() => import("./levels/Levels"));
const Attributes = lazy(() => import("./Attributes"));
const Channels = lazy(() => import("./channels/Channels"));
const Webhooks = lazy(() => import("./webhooks/Webhooks"));
const Routing = lazy(() => import("./routing/Routing"));
const Surveys = lazy(() => import("./Surveys"));
const Deliveries = lazy(() => import("./deliveries/Deliveries"));
const DeadLetters = lazy(() => import("./deliveries/DeadLetters"));
const Widget = lazy(() => import("./widget/Widget"));

export function useDeskPlaces(): readonly Place[] {
  const t = useTranslations();
  return [
    { path: "tags", group: "desk", title: t("tags.title"), may: "MANAGE_DESK", component: Tags },
    { path: "macros", group: "desk", title: t("desk.macros.title"), may: "READ_CONVERSATIONS", component: Macros },
    { path: "automation", group: "desk", title: t("automation.title"), may: "MANAGE_AUTOMATION", component: Rules },
    { path: "routing", group: "desk", title: t("desk.routing.title"), may: "MANAGE_ROUTING", component: Routing },
    { path: "service-levels", group: "desk", title: t("desk.levels.title"), may: "MANAGE_ROUTING", component: Levels },
    { path: "attributes", group: "desk", title: t("desk.attributes.title"), may: "MANAGE_DESK", component: Attributes },
    { path: "widget", group: "reach", title: t("desk.widget.title"), may: "MANAGE_INBOXES", component: Widget },
    {
      path: "channels",
      group: "reach",
      title: t("connections.channels.title"),
      may: "MANAGE_CHANNELS",
      component: Channels,
    },
    {
      path: "webhooks",
      group: "programs",
      title: t("connections.webhooks.title"),
      may: "MANAGE_WEBHOOKS",
      component: Webhooks,
    },
    { path: "surveys", group: "reach", title: t("desk.surveys.title"), may: "MANAGE_ROUTING", component: Surveys },
    {
      path: "deliveries",
      group: "programs",
      title: t("connections.deliveries.title"),
      may: "READ_DELIVERIES",
      component: Deliveries,
    },
    {
      path: "failed-jobs",
      group: "programs",
      title: t("connections.jobs.title"),
      may: "MANAGE_JOBS",
      component: DeadLetters,
    },
  ];
}
