/** The icons of the frame and the inbox come together: one by one, each would be a request for a few hundred bytes. */
import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { resolve } from "node:path";

/** What everybody sees at first; what is behind it brings its own icons. */
const FIRST =
  /^(app\/(\w+|account\/\w+|bell\/Bell|offers\/\w+)|components\/\w+|pages\/Inbox\/(\w+|(list|thread|panel)\/.+|views\/\w+))\.tsx?$/;
const LATER = /Dialog|Sheet|Picker|Provenance|Source|Summary|FilterFields/;

/** Whether a module is one of those icons. */
export function isEarly(source: string): (id: string) => boolean {
  const files = readdirSync(source, { recursive: true, encoding: "utf8" });
  const early = files.filter((file) => FIRST.test(file) && !LATER.test(file));
  const names = new Set(early.flatMap((file) => imported(readFileSync(resolve(source, file), "utf8"))));
  const modules = modulesOf(names);
  return (id) => modules.has(/lucide-react\/dist\/esm\/icons\/([\w-]+)\.m?js$/.exec(id)?.[1] ?? "");
}

function imported(text: string): string[] {
  const found = /import \{([^}]*)\} from "lucide-react"/.exec(text)?.[1] ?? "";
  return found.split(",").map((name) => name.trim());
}

/** Icons have several names; this is where each is. */
function modulesOf(names: ReadonlySet<string>): ReadonlySet<string> {
  const index = readFileSync(createRequire(import.meta.url).resolve("lucide-react/dist/esm/lucide-react.mjs"), "utf8");
  const found = [...index.matchAll(/export \{([^}]*)\} from ['"]\.\/icons\/([\w-]+)\.m?js['"]/g)];
  const isNamed = (exports = ""): boolean =>
    [...exports.matchAll(/default as (\w+)/g)].some(([, name = ""]) => names.has(name));
  return new Set(found.filter(([, exports]) => isNamed(exports)).map(([, , module = ""]) => module));
}
