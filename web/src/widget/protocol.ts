/** What the loader in the company's page and the frame tell each other. */

/** From the page: what was asked of `Parley`. */
export type Order =
  | { readonly parley: "open" | "close" | "forget" }
  | { readonly parley: "identify"; readonly token: string };

/** From the frame: how large it is to be, what it is called, and what happened. */
export type News =
  | { readonly parley: "size"; readonly isOpen: boolean; readonly width: number; readonly height: number }
  | { readonly parley: "title"; readonly title: string; readonly side: "START" | "END" }
  | { readonly parley: "event"; readonly name: EventName; readonly detail?: unknown };

export type EventName = "ready" | "open" | "close" | "unread" | "identified" | "problem";
