/** Where the pages of the automation are. */
export const AUTOMATION = "/settings/automation";

export function placeOfRule(id: string): string {
  return `${AUTOMATION}/${encodeURIComponent(id)}`;
}
