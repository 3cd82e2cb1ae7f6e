/** What the console says, by area, in each language. English is the catalogue; other languages are checked against it. */
import en from "./en";

/** The same keys with other words: a missing or surplus one does not compile. */
export type Translation<T> = { readonly [K in keyof T]: T[K] extends string ? string : Translation<T[K]> };
export type Messages = Translation<typeof en>;

export const LANGUAGES = { en: "English", de: "Deutsch" } as const;
export type Language = keyof typeof LANGUAGES;

/** Written from right to left: none of ours yet; the layout follows `dir` wherever one is added. */
const RIGHT_TO_LEFT: readonly string[] = ["ar", "fa", "he", "ur"];

const catalogues: Record<Language, () => Promise<Messages>> = {
  en: async () => en,
  de: async () => (await import("./de")).default,
};

/** The catalogue of a language. */
export function load(language: Language): Promise<Messages> {
  return catalogues[language]();
}

/** Which of ours somebody reads: what they chose, else the first of the browser's that we have, else English. */
export function preferred(chosen: string | null, browser: readonly string[]): Language {
  const wanted = [chosen ?? "", ...browser].map((tag) => tag.slice(0, 2).toLowerCase());
  return wanted.find((tag): tag is Language => tag in LANGUAGES) ?? "en";
}

export function direction(language: string): "ltr" | "rtl" {
  return RIGHT_TO_LEFT.includes(language.slice(0, 2)) ? "rtl" : "ltr";
}

declare module "use-intl" {
  interface AppConfig {
    Locale: Language;
    Messages: typeof en;
  }
}
