/** Settings of how conversations are handled. */
import { lazy } from "react";
import { useTranslations } from "use-intl";
import type { Place } from "../place";

const Tags = lazy(() => import("./Tags"));
const Macros = lazy(() => import("./macros/Macros"));
const Rules = lazy(() => import("./rules/Rules"));

export function useDeskPlaces(): readonly Place[] {
  const t = useTranslations();
  return [
    { path: "tags", title: t("tags.title"), may: "MANAGE_DESK", component: Tags },
    { path: "macros", title: t("desk.macros.title"), may: "READ_CONVERSATIONS", component: Macros },
    { path: "automation", title: t("automation.title"), may: "MANAGE_AUTOMATION", component: Rules },
  ];
}
