/** The addresses of the inbox: which view, and which conversation of it is open. */
import { useRoute } from "~/app/navigation";

export interface Place {
  readonly view: string | undefined;
  readonly conversation: string | undefined;
}

/** Where in the inbox one is. */
export function usePlace(): Place {
  const [, params] = useRoute("/inbox/:view?/:conversation?");
  return { view: params?.view, conversation: params?.conversation };
}

/** The address of a view, or of a conversation in it. */
export function placeOf(view: string, conversation?: string): string {
  const parts = conversation ? [view, conversation] : [view];
  return `/inbox/${parts.map(encodeURIComponent).join("/")}`;
}
