/** What somebody chose for this browser: language and appearance; both are kept here and need no server. */
import { createContext, type ReactNode, startTransition, use, useEffect, useMemo, useState } from "react";
import { I18nProvider } from "react-aria-components";
import { IntlProvider } from "use-intl";
import { type Area, direction, type Language, load, type Messages, preferred } from "./messages";

export type Theme = "system" | "light" | "dark";

interface Preferences {
  readonly language: Language;
  readonly theme: Theme;
  choose(change: { language?: Language; theme?: Theme }): void;
}

const LANGUAGE_KEY = "parley.language";
const THEME_KEY = "parley.theme";
const TIME_ZONE = Intl.DateTimeFormat().resolvedOptions().timeZone;
const Chosen = createContext<Preferences | null>(null);
const Spoken = createContext<Partial<Record<Area, object>>>({});

/** What was chosen, and how to choose otherwise. */
export function usePreferences(): Preferences {
  const chosen = use(Chosen);
  if (!chosen) throw new Error("There are no preferences outside <PreferencesProvider>.");
  return chosen;
}

export function chosenLanguage(): Language {
  return preferred(localStorage.getItem(LANGUAGE_KEY), navigator.languages);
}

/** Apply the appearance before anything is shown; CSS's `light-dark()` does the rest. */
export function applyTheme(theme: Theme = (localStorage.getItem(THEME_KEY) as Theme | null) ?? "system"): Theme {
  document.documentElement.style.colorScheme = theme === "system" ? "light dark" : theme;
  return theme;
}

/** The preferences for everything inside. Words come by `<Words>`. */
export function PreferencesProvider({ children }: { readonly children: ReactNode }) {
  const [language, setLanguage] = useState(chosenLanguage);
  const [theme, setTheme] = useState<Theme>(() => applyTheme());
  useEffect(() => {
    document.documentElement.lang = language;
    document.documentElement.dir = direction(language);
  }, [language]);
  const preferences = useMemo<Preferences>(
    () => ({
      language,
      theme,
      choose(change) {
        if (change.theme) {
          localStorage.setItem(THEME_KEY, change.theme);
          setTheme(applyTheme(change.theme));
        }
        const wanted = change.language;
        if (!wanted) return;
        localStorage.setItem(LANGUAGE_KEY, wanted);
        startTransition(() => setLanguage(wanted));
      },
    }),
    [language, theme],
  );
  return (
    <Chosen value={preferences}>
      <I18nProvider locale={language}>{children}</I18nProvider>
    </Chosen>
  );
}

interface WordsProps {
  readonly areas: readonly Area[];
  readonly children: ReactNode;
}

/** The words of some areas for everything inside, on top of those around; waits until they are there. */
export function Words({ areas, children }: WordsProps) {
  const { language } = usePreferences();
  const around = use(Spoken);
  const words = areas.map((area) => use(load(language, area)));
  // biome-ignore lint/correctness/useExhaustiveDependencies: areas are written in the code and words follow from them
  const spoken = useMemo(
    () => ({ ...around, ...Object.fromEntries(areas.map((area, at) => [area, words[at]])) }),
    [around, ...words],
  );
  return (
    <Spoken value={spoken}>
      <IntlProvider locale={language} messages={spoken as Messages} timeZone={TIME_ZONE}>
        {children}
      </IntlProvider>
    </Spoken>
  );
}
