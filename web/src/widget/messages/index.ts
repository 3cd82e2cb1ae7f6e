/** The words of the widget in the language of whoever reads them, and how dates look there. */
import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type en from "./en";

export type Words = typeof en;
export type Language = "en" | "de";

const CATALOGUES = { en: () => import("./en"), de: () => import("./de") };

/** A language with its words. */
export interface Speech {
  readonly language: Language;
  readonly words: Words;
}

export async function speech(language: Language): Promise<Speech> {
  return { language, words: (await CATALOGUES[language]()).default };
}

/** The page's choice; else the first of the browser's that the company writes, else the company's first; else English. */
export function chosen(page: string | null, company: readonly string[], browser: readonly string[]): Language {
  const written = company.map(ours).filter((tag) => tag !== undefined);
  const read = browser.map(ours).filter((tag) => tag !== undefined);
  const shared = written.length > 0 ? read.find((tag) => written.includes(tag)) : read[0];
  return ours(page ?? "") ?? shared ?? written[0] ?? "en";
}

function ours(tag: string): Language | undefined {
  const language = tag.slice(0, 2).toLowerCase();
  return language in CATALOGUES ? (language as Language) : undefined;
}

const Spoken = createContext<Speech | undefined>(undefined);
export const SpeechProvider = Spoken.Provider;

export function useSpeech(): Speech {
  const spoken = useContext(Spoken);
  if (!spoken) throw new Error("Nothing can be said outside <SpeechProvider>.");
  return spoken;
}

export function useWords(): Words {
  return useSpeech().words;
}

/** A moment that is to come, such as "Monday, 9:00 AM"; without the day where it is today. */
export function moment(language: Language, at: string): string {
  const date = new Date(at);
  const time: Intl.DateTimeFormatOptions = { hour: "numeric", minute: "2-digit" };
  const isToday = date.toDateString() === new Date().toDateString();
  const day: Intl.DateTimeFormatOptions = isToday ? {} : { weekday: "long" };
  return new Intl.DateTimeFormat(language, { ...day, ...time }).format(date);
}
