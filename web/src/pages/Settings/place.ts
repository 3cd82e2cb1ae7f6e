/** A page of the settings: where it is, what it is called, and for whom. */
import type { ComponentType } from "react";
import type { Permission } from "~/__generated__/viewerQuery.graphql";

export interface Place {
  /** Beneath `/settings/`. */
  readonly path: string;
  readonly title: string;
  readonly may: Permission;
  readonly component: ComponentType;
}
