/** What somebody chose for this browser: language and appearance; both are kept here and need no server. */
import { createContext, type ReactNode, use, useEffect, useMemo, useState } from "react";
import { I18nProvider } from "react-aria-components";
import { IntlProvider } from "use-intl";
import { direction, type Language, load, type Messages, preferred } from "./messages";

export type Theme = "system" | "light" | "dark";

interface Preferences {
  readonly language: Language;
  readonly theme: Theme;
  choose(change: { language?: Language; theme?: Theme }): void;
}

const LANGUAGE_KEY = "parley.language";
const THEME_KEY = "parley.theme";
const Chosen = createContext<Preferences | null>(null);

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

interface Props {
  /** The catalogue of the language that was chosen when the page began. */
  readonly initial: Messages;
  readonly children: ReactNode;
}

export function PreferencesProvider({ initial, children }: Props) {
  const [language, setLanguage] = useState(chosenLanguage);
  const [messages, setMessages] = useState(initial);
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
        void load(wanted).then((catalogue) => {
          setMessages(catalogue);
          setLanguage(wanted);
        });
      },
    }),
    [language, theme],
  );
  return (
    <Chosen value={preferences}>
      <I18nProvider locale={language}>
        <IntlProvider
          locale={language}
          messages={messages as never}
          timeZone={Intl.DateTimeFormat().resolvedOptions().timeZone}
        >
          {children}
        </IntlProvider>
      </I18nProvider>
    </Chosen>
  );
}
