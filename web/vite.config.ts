import { copyFileSync } from "node:fs";
import { resolve } from "node:path";
import optimizeLocales from "@react-aria/optimize-locales-plugin";
import tailwind from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import { defineConfig, type Plugin } from "vite";
import relay from "vite-plugin-relay";
import { apart, areaOf } from "./scripts/apart.ts";
import { isEarly } from "./scripts/icons.ts";
import { SLIM } from "./scripts/slim.ts";
import { words } from "./scripts/words.ts";

// The server that a development build speaks with; cookies need the same host name, whatever the ports.
const server = process.env.PARLEY_SERVER ?? "http://127.0.0.1:8000";
const at = (name: string): string => resolve(import.meta.dirname, name);

/** The server trusts the documents that this build asks, and finds them beside it. */
const documents: Plugin = {
  name: "parley:documents",
  apply: "build",
  writeBundle: ({ dir }) => copyFileSync(at("src/__generated__/documents.json"), resolve(dir ?? "", "documents.json")),
};

/** The widget has no store: of what Relay compiled for it, only the names of its documents are used. */
const names: Plugin = {
  name: "parley:names",
  enforce: "pre",
  transform(code, id) {
    const name = /__generated__\/(widget\w+)\.graphql\.ts$/.exec(id)?.[1];
    const document = /"id": "([0-9a-f]{64})"/.exec(code)?.[1];
    return name && document ? `export default ${JSON.stringify({ params: { id: document, name } })}` : undefined;
  },
};

/** Other sites load the widget by a name that stays. */
const LASTING = "widget.js";

export default defineConfig({
  resolve: {
    alias: [{ find: "~", replacement: at("src") }, ...SLIM],
  },
  plugins: [
    react(),
    relay,
    tailwind({ optimize: false }), // which would undo light-dark(), and with it the choice of an appearance
    documents,
    names,
    words,
    apart,
    { ...optimizeLocales.vite({ locales: ["en-US", "de-DE"] }), enforce: "pre" },
  ],
  server: {
    host: "127.0.0.1",
    proxy: {
      "/graphql": { target: server, ws: true },
      "/auth": { target: server },
      "/files": { target: server },
    },
  },
  build: {
    outDir: "dist",
    // No data: addresses, so that the content security policy need not allow them.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // The first that know light-dark().
    cssTarget: ["chrome123", "edge123", "firefox120", "safari17.5"],
    rollupOptions: {
      input: {
        console: at("index.html"),
        widget: at("widget.html"),
        demo: at("demo.html"),
        loader: at("src/widget/loader.ts"),
      },
      output: {
        entryFileNames: ({ name }) => (name === "loader" ? LASTING : "assets/[name]-[hash].js"),
        codeSplitting: {
          groups: [
            { name: areaOf(at("src")), test: /\?whole$/, includeDependenciesRecursively: false },
            { name: "icons", test: isEarly(at("src")), includeDependenciesRecursively: false },
          ],
        },
      },
    },
  },
});
