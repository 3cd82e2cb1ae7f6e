/** The page around the frame: who may give orders, and who is told. Alone in a window there is none. */
import type { EventName, News, Order } from "../protocol";

export class Host {
  constructor(private readonly origin: string | null) {}

  get isThere(): boolean {
    return window.parent !== window && this.origin !== null;
  }

  /** Hear orders of the page that this frame was told it is in; the browser sees to it that none else may frame it. */
  hear(obey: (order: Order) => void): void {
    addEventListener("message", (event) => {
      const isHost = event.source === window.parent && event.origin === this.origin;
      if (isHost && typeof event.data?.parley === "string") obey(event.data as Order);
    });
  }

  tell(name: EventName, detail?: unknown): void {
    this.post({ parley: "event", name, detail });
  }

  size(isOpen: boolean, width = 0, height = 0): void {
    this.post({ parley: "size", isOpen, width, height });
  }

  title(title: string, side: "START" | "END"): void {
    this.post({ parley: "title", title, side });
  }

  private post(news: News): void {
    if (this.isThere && this.origin) window.parent.postMessage(news, this.origin);
  }
}
