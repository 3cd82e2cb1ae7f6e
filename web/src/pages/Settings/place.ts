/** A page of the settings: where it is, what it is called, and for whom. */
import type { ComponentType } from "react";
import type { Permission } from "~/__generated__/viewerQuery.graphql";

/** The headings of the menu, in their order. */
export const GROUPS = ["organization", "people", "desk", "reach", "security", "programs"] as const;

export interface Place {
  /** Beneath `/settings/`. */
  readonly path: string;
  readonly title: string;
  readonly group: (typeof GROUPS)[number];
  readonly may: Permission;
  readonly component: ComponentType;
}
