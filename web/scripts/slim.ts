/** What of Relay is left out of what is built: nobody here asks for it, and bundlers keep all of a CommonJS package. */
import { resolve } from "node:path";
import type { Alias } from "vite";

const at = (name: string): string => resolve(import.meta.dirname, name);

export const SLIM: readonly Alias[] = [
  { find: /^react-relay$/, replacement: at("hooks.mjs") },
  ...[
    /^.*\/useFragmentInternal_CURRENT$/, // the other one is chosen by RelayFeatureFlags
    /^\.\/observeFragmentExperimental$|^.*\/store\/observeFragmentExperimental$/,
    /^.*\/store\/NormalizationEngine$/,
    /^.*\/createUpdatableProxy$/,
    /^.*\/network\/RelayQueryResponseCache$/,
  ].map((find) => ({ find, replacement: at("nothing.cjs") })),
];
