/** This browser's own subscription to push: made with the server's key, and known again by the id that the server gave. */

/** What the server needs of a browser. */
export interface Subscription {
  readonly endpoint: string;
  readonly publicKey: string;
  readonly secret: string;
}

const WORKER = "/push.js";
const KEPT = "parley.push";

export function isSupported(): boolean {
  return "serviceWorker" in navigator && "PushManager" in window && "Notification" in window;
}

/** Subscribe this browser; null where the person, or their browser, says no. */
export async function subscribe(serverKey: string): Promise<Subscription | null> {
  if ((await Notification.requestPermission()) !== "granted") return null;
  const registration = await navigator.serviceWorker.register(WORKER);
  await navigator.serviceWorker.ready;
  const made = await registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: serverKey });
  const { endpoint, keys } = made.toJSON();
  return { endpoint: endpoint ?? made.endpoint, publicKey: keys?.p256dh ?? "", secret: keys?.auth ?? "" };
}

export function remember(id: string): void {
  localStorage.setItem(KEPT, id);
}

/** The id of this browser's subscription, if it has one. */
export function keptId(): string | null {
  return localStorage.getItem(KEPT);
}

/** End the subscription in the browser too. */
export async function forgetSubscription(): Promise<void> {
  localStorage.removeItem(KEPT);
  const registration = await navigator.serviceWorker.getRegistration(WORKER);
  await (await registration?.pushManager.getSubscription())?.unsubscribe();
}
