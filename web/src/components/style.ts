/** How class names are put together. */
export function cx(...names: readonly (string | false | null | undefined)[]): string {
  return names.filter(Boolean).join(" ");
}

/** What inputs of every kind look like. */
export const FIELD =
  "w-full rounded-md border border-line-strong/60 bg-surface px-2.5 py-1.5 text-sm text-ink placeholder:text-ink-faint " +
  "hovered:border-line-strong focused:border-accent-ink focused:outline-2 focused:-outline-offset-1 focused:outline-accent-ink " +
  "invalid:border-danger disabled:opacity-50";

/** What floats above the page: menus, lists of choices, popovers. */
export const POPUP = "rounded-lg bg-raised p-1 shadow-popup outline-none entering:animate-appear overflow-auto";

/** One line of a menu or a list of choices. */
export const OPTION =
  "flex cursor-default items-center gap-2 rounded-md px-2 py-1.5 text-sm text-ink outline-none focused:bg-hover hovered:bg-hover " +
  "selected:bg-accent-soft selected:text-accent-ink disabled:opacity-50";
