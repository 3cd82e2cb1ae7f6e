/** Words are parsed while they are built: what travels is what their parser made of them, and no parser. */
import compile from "icu-minify/compile";
import { type Plugin, transformWithOxc } from "vite";

const AREA = /src\/messages\/[a-z]{2}\/\w+\.ts$/;

/** The same tree with each text parsed. */
function parsed(words: unknown): unknown {
  if (typeof words === "string") return compile(words);
  return Object.fromEntries(Object.entries(words as object).map(([key, inner]) => [key, parsed(inner)]));
}

export const words: Plugin = {
  name: "parley:words",
  apply: "build",
  config: () => ({
    resolve: {
      alias: [{ find: /^use-intl\/format-message$/, replacement: "use-intl/format-message/format-only" }],
    },
  }),
  async transform(code, id) {
    if (!AREA.test(id)) return undefined;
    const script = await transformWithOxc(code, id);
    const { default: area } = await import(`data:text/javascript,${encodeURIComponent(script.code)}`);
    return { code: `export default ${JSON.stringify(parsed(area))}`, map: null };
  },
};
