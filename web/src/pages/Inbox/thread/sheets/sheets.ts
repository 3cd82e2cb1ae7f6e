/** What can be opened beside a conversation, from anywhere within it. */
import { createContext, use } from "react";

export interface Source {
  readonly articleId: string;
  readonly passageId: string;
  readonly title: string;
}

export type Opened =
  | { readonly kind: "source"; readonly source: Source }
  | { readonly kind: "provenance"; readonly messageId: string }
  | { readonly kind: "summary" };

interface Sheets {
  open(sheet: Opened): void;
}

export const SheetsContext = createContext<Sheets>({ open: () => {} });

export function useSheets(): Sheets {
  return use(SheetsContext);
}
