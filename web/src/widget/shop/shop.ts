/** The demo shop, as any company's own script would speak with the widget. */
const ask = document.getElementById("ask");
ask?.addEventListener("click", () => {
  window.Parley ??= [];
  window.Parley.push(["open"]);
});
for (const button of document.querySelectorAll<HTMLButtonElement>("[data-question]")) {
  button.addEventListener("click", async () => {
    await navigator.clipboard?.writeText(button.dataset.question ?? "").catch(() => undefined);
    window.Parley ??= [];
    window.Parley.push(["open"]);
  });
}

export {};
