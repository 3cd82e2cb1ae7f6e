/** Whether somebody still wants to be led: kept in this browser, for each organization. */
const KEY = "parley.start.dismissed";

export function dismiss(organization: string): void {
  localStorage.setItem(`${KEY}.${organization}`, "yes");
}

export function isDismissed(organization: string): boolean {
  return localStorage.getItem(`${KEY}.${organization}`) === "yes";
}
