/** Shows what the server pushes, and goes there when it is clicked. It fetches nothing and keeps nothing. */
self.addEventListener("push", (event) => {
  const { title = "Parley", body = "", url = "/", tag } = event.data?.json() ?? {};
  event.waitUntil(self.registration.showNotification(title, { body, tag, icon: "/icon.svg", data: { url } }));
});

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(go(event.notification.data?.url ?? "/"));
});

/** To a page of ours alone, in a window that is open already if there is one. */
async function go(url) {
  const wanted = new URL(url, self.location.origin);
  const address = wanted.origin === self.location.origin ? wanted.href : "/";
  const [open] = await self.clients.matchAll({ type: "window" });
  if (!open) return self.clients.openWindow(address);
  await open.focus();
  return open.navigate(address);
}
