/** How somebody wants to be told: as a form, and as the server takes it. */
import type { Told_preferences$data } from "~/__generated__/Told_preferences.graphql";
import type { ChangeNotificationPreferencesInput } from "~/__generated__/ToldMutation.graphql";

export type Choice = Told_preferences$data["kinds"][number];
export type Means = Choice["means"][number];
export type Digest = "NEVER" | NonNullable<Told_preferences$data["digest"]>;

export const MEANS: readonly Means[] = ["IN_APP", "EMAIL", "PUSH", "SMS"];

export interface Form {
  readonly kinds: readonly Choice[];
  readonly zone: string;
  readonly isQuiet: boolean;
  readonly begins: string;
  readonly ends: string;
  readonly urgentPasses: boolean;
  readonly digest: Digest;
  readonly number: string;
  readonly language: string;
}

/** Somebody who has chosen no zone is where their browser is. */
export function asForm(stored: Told_preferences$data): Form {
  const { quietHours } = stored;
  const isUnset = stored.zone === "UTC" && quietHours === null && stored.digest === null;
  return {
    kinds: stored.kinds,
    zone: isUnset ? Intl.DateTimeFormat().resolvedOptions().timeZone : stored.zone,
    isQuiet: Boolean(quietHours),
    begins: quietHours?.begins ?? "20:00",
    ends: quietHours?.ends ?? "07:30",
    urgentPasses: quietHours?.urgentPasses ?? true,
    digest: stored.digest ?? "NEVER",
    number: stored.number ?? "",
    language: stored.language ?? "",
  };
}

export function asInput(form: Form): ChangeNotificationPreferencesInput {
  const { begins, ends, urgentPasses } = form;
  return {
    kinds: form.kinds.map(({ kind, means }) => ({ kind, means })),
    zone: form.zone,
    quietHours: form.isQuiet ? { begins, ends, urgentPasses } : null,
    digest: form.digest === "NEVER" ? null : form.digest,
    number: form.number.trim() || null,
    language: form.language || null,
  };
}

/** Be told of one kind by one means, or no more. */
export function toggled(form: Form, kind: Choice["kind"], means: Means, isOn: boolean): Form {
  const put = (choice: Choice): Choice =>
    choice.kind !== kind
      ? choice
      : { ...choice, means: MEANS.filter((one) => (one === means ? isOn : choice.means.includes(one))) };
  return { ...form, kinds: form.kinds.map(put) };
}
