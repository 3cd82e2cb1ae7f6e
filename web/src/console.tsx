/** The console begins: language, appearance, routes. */
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./app/App";
import { load } from "./messages";
import { applyTheme, chosenLanguage, PreferencesProvider } from "./preferences";
import "./theme.css";

applyTheme();
const root = document.getElementById("root");
if (!root) throw new Error("The page has no root.");
const initial = await load(chosenLanguage());
createRoot(root).render(
  <StrictMode>
    <PreferencesProvider initial={initial}>
      <App />
    </PreferencesProvider>
  </StrictMode>,
);
