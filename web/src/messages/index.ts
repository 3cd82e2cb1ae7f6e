/** What the console says, by area, in each language. English is the catalogue; other languages are checked against it. */
import type account from "./en/account";
import type analytics from "./en/analytics";
import type app from "./en/app";
import type assistant from "./en/assistant";
import type automation from "./en/automation";
import type composer from "./en/composer";
import type connections from "./en/connections";
import type conversation from "./en/conversation";
import type customers from "./en/customers";
import type desk from "./en/desk";
import type inbox from "./en/inbox";
import type knowledge from "./en/knowledge";
import type notifications from "./en/notifications";
import type palette from "./en/palette";
import type panel from "./en/panel";
import type people from "./en/people";
import type privacy from "./en/privacy";
import type queue from "./en/queue";
import type search from "./en/search";
import type signIn from "./en/signIn";
import type start from "./en/start";
import type tags from "./en/tags";

/** The same keys with other words: a missing or surplus one does not compile. */
export type Translation<T> = { readonly [K in keyof T]: T[K] extends string ? string : Translation<T[K]> };

/** Everything that can be said; each area is fetched with the pages that say it. */
export interface Messages {
  readonly account: typeof account;
  readonly analytics: typeof analytics;
  readonly app: typeof app;
  readonly assistant: typeof assistant;
  readonly automation: typeof automation;
  readonly composer: typeof composer;
  readonly connections: typeof connections;
  readonly conversation: typeof conversation;
  readonly customers: typeof customers;
  readonly desk: typeof desk;
  readonly inbox: typeof inbox;
  readonly knowledge: typeof knowledge;
  readonly notifications: typeof notifications;
  readonly palette: typeof palette;
  readonly panel: typeof panel;
  readonly people: typeof people;
  readonly privacy: typeof privacy;
  readonly queue: typeof queue;
  readonly search: typeof search;
  readonly signIn: typeof signIn;
  readonly start: typeof start;
  readonly tags: typeof tags;
}
export type Area = keyof Messages;

export const LANGUAGES = { en: "English", de: "Deutsch" } as const;
export type Language = keyof typeof LANGUAGES;

/** Written from right to left: none of ours yet; the layout follows `dir` wherever one is added. */
const RIGHT_TO_LEFT: readonly string[] = ["ar", "fa", "he", "ur"];

const files = import.meta.glob<object>("./*/*.ts", { import: "default" });
const fetched = new Map<string, Promise<object>>();

/** The words of one area; the same promise each time, so that a component can wait for it. */
export function load(language: Language, area: Area): Promise<object> {
  const file = `./${language}/${area}.ts`;
  const words = fetched.get(file) ?? files[file]?.();
  if (!words) throw new Error(`There are no words in ${file}.`);
  fetched.set(file, words);
  return words;
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
    Messages: Messages;
  }
}
