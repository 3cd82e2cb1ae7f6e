/**
 * What `<script src="…/widget.js" data-inbox="…" async>` runs in a company's page: one frame, and `Parley` to speak with it.
 *
 * A classic script without dependencies, all in one function, so that it leaves no names in the page. Styles are set one by one, so that a strict policy of the page has nothing to
 * forbid: it needs Parley's origin in `script-src` and `frame-src` alone.
 */
import type { EventName, News, Order } from "./protocol";

type Call = readonly [name: string, ...args: unknown[]];
type Heard = (detail?: unknown) => void;

interface Parley {
  open(): void;
  close(): void;
  /** Say who the customer is, by a token that the company's backend signed; null for nobody. */
  identify(token: string | null): void;
  /** Hear of `ready`, `open`, `close`, `unread`, `identified`, `problem`; gives what ends it. */
  on(event: EventName, heard: Heard): () => void;
  /** As `Parley.push(["open"])`, which works before this script does. */
  push(...calls: Call[]): void;
}

declare global {
  interface Window {
    Parley?: Parley | Call[];
  }
}

(() => {
  /** Pages that are no wider are phones: the chat has all of them. The frame knows the panel by its width. */
  const PHONE = 480;
  const PANEL = { width: 424, height: 728 };
  const TOPMOST = "2147483000";

  const script = document.currentScript as HTMLScriptElement | null;
  const before = window.Parley;
  if (!script?.dataset.inbox || (before && !Array.isArray(before))) return;
  const { inbox, language = "", theme = "" } = script.dataset;
  const { origin } = new URL(script.src);
  const listeners = new Map<string, Set<Heard>>();
  const waiting: Order[] = [];
  let size: Extract<News, { parley: "size" }> | undefined;
  let isReady = false;
  let opener: Element | null = null;

  const frame = document.createElement("iframe");
  const address = new URL("/widget", origin);
  address.search = new URLSearchParams({ inbox, language, theme, host: location.origin }).toString();
  frame.src = address.href;
  frame.title = "Chat";
  frame.allow = "";
  const scheme = theme === "light" || theme === "dark" ? theme : "light dark";
  const still = { position: "fixed", bottom: "0", border: "0", zIndex: TOPMOST, colorScheme: scheme, maxWidth: "100%" };
  Object.assign(frame.style, still, { visibility: "hidden", width: "1px", height: "1px", insetInlineEnd: "0" });

  const lay = (): void => {
    if (!size) return;
    const { isOpen, width, height } = size;
    const isPhone = isOpen && Math.min(innerWidth, screen.width) <= PHONE;
    Object.assign(frame.style, {
      visibility: "visible",
      width: isPhone ? "100%" : `${isOpen ? PANEL.width : width}px`,
      height: isPhone ? "100%" : isOpen ? `min(${PANEL.height}px, 100%)` : `${height}px`,
    });
  };
  const tell = (order: Order): void => {
    if (isReady) frame.contentWindow?.postMessage(order, origin);
    else waiting.push(order);
  };
  const happened = (name: EventName, detail?: unknown): void => {
    if (name === "ready") {
      isReady = true;
      for (const order of waiting.splice(0)) tell(order);
    }
    if (name === "close" && opener instanceof HTMLElement) opener.focus();
    if (name === "close") opener = null;
    for (const heard of listeners.get(name) ?? []) heard(detail);
  };
  const hear = (event: MessageEvent): void => {
    if (event.source !== frame.contentWindow || event.origin !== origin) return;
    const news = event.data as News;
    if (news.parley === "size") {
      size = news;
      lay();
    } else if (news.parley === "title") {
      frame.title = news.title;
      Object.assign(frame.style, { insetInlineEnd: "", insetInlineStart: "" });
      frame.style[news.side === "START" ? "insetInlineStart" : "insetInlineEnd"] = "0";
    } else if (news.parley === "event") happened(news.name, news.detail);
  };

  const parley: Parley = {
    open() {
      opener = document.activeElement;
      frame.focus();
      tell({ parley: "open" });
    },
    close: () => tell({ parley: "close" }),
    identify: (token) => tell(token === null ? { parley: "forget" } : { parley: "identify", token }),
    on(event, heard) {
      const all = listeners.get(event) ?? new Set();
      listeners.set(event, all.add(heard));
      if (event === "ready" && isReady) heard();
      return () => all.delete(heard);
    },
    push(...calls) {
      for (const [name, ...args] of calls) {
        const method = parley[name as "open"] as ((...args: unknown[]) => void) | undefined;
        if (name !== "push") method?.(...args);
      }
    },
  };
  window.Parley = parley;
  addEventListener("message", hear);
  addEventListener("resize", lay);
  const begin = (): void => {
    document.body.append(frame);
    if (Array.isArray(before)) parley.push(...before);
  };
  if (document.body) begin();
  else addEventListener("DOMContentLoaded", begin);
})();
