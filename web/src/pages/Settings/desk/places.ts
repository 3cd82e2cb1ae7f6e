/** Settings of how conversations are handled. */
import { lazy } from "react";
import { useTranslations } from "use-intl";
import type { Place } from "../place";

const Tags = lazy(() => import("./Tags"));

export function useDeskPlaces(): readonly Place[] {
  const t = useTranslations();
  return [{ path: "tags", title: t("tags.title"), may: "MANAGE_DESK", component: Tags }];
}
