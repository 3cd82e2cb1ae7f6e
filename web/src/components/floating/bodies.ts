/** What floats above pages: heavy, and needed by nobody who reads. */
import { type ComponentType, lazy } from "react";
import { fetchOnIntent } from "~/intent";

function body<Props>(fetch: () => Promise<{ default: ComponentType<Props> }>) {
  fetchOnIntent(fetch);
  return lazy(fetch);
}

export const DialogBody = body(() => import("./DialogBody"));
export const MenuBody = body(() => import("./MenuBody"));
export const PopoverBody = body(() => import("./PopoverBody"));
export const Tip = body(() => import("./Tip"));
export const ToastBody = body(() => import("./ToastBody"));
