/** The console begins: language, appearance, pages. */
import { StrictMode, Suspense } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./app/App";
import { applyTheme, PreferencesProvider, Words } from "./preferences";
import "./theme.css";

applyTheme();
const root = document.getElementById("root");
if (!root) throw new Error("The page has no root.");
createRoot(root).render(
  <StrictMode>
    <PreferencesProvider>
      <Suspense>
        <Words areas={["app"]}>
          <App />
        </Words>
      </Suspense>
    </PreferencesProvider>
  </StrictMode>,
);
