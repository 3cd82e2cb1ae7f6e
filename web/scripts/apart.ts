/** Documents of mutations stay out of the pages that name them: they come by area, when somebody is about to do something. */
import { readdirSync } from "node:fs";
import { basename, relative } from "node:path";
import type { Plugin } from "vite";

const MUTATION = /__generated__\/(?!widget)(\w+)Mutation\.graphql\.ts$/;
const WHOLE = "?whole";
/** What goes out by itself while a conversation is looked at is needed at once. */
const AT_ONCE = /signals(Viewing|Read)$/;

export const apart: Plugin = {
  name: "parley:apart",
  apply: "build",
  enforce: "pre",
  transform(_, id) {
    const name = MUTATION.exec(id)?.[1];
    if (!name || AT_ONCE.test(name)) return undefined;
    return { code: `export default { fetch: () => import(${JSON.stringify(id + WHOLE)}) }`, map: null };
  },
};

/** For the document of a mutation the name of the chunk that it belongs to: its area's. */
export function areaOf(source: string): (id: string) => string | null {
  const areas = new Map(
    readdirSync(source, { recursive: true, withFileTypes: true })
      .filter((file) => /\.tsx?$/.test(file.name) && !file.parentPath.includes("__generated__"))
      .map((file) => [basename(file.name).replace(/\.tsx?$/, ""), named(relative(source, file.parentPath))]),
  );
  return (id) => {
    const name = id.endsWith(WHOLE) ? MUTATION.exec(id.slice(0, -WHOLE.length))?.[1] : undefined;
    if (!name) return null;
    // A document is called as its module is, and then as what it does.
    for (let end = name.length; end > 0; end--) {
      const area = areas.get(name.slice(0, end));
      if (area) return area;
    }
    return null;
  };
}

/** Three folders deep is fine enough: what is done on one page comes together. */
function named(folder: string): string {
  return `deeds-${folder.split("/").slice(0, 3).join("-").toLowerCase()}`;
}
