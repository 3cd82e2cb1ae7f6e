/** Every language says the same things, with the same blanks to fill. */
import { describe, expect, it } from "vitest";
import { direction, preferred } from ".";

const files = import.meta.glob<Record<string, unknown>>("./*/*.ts", { import: "default", eager: true });

function flat(words: unknown, path = ""): [string, string][] {
  if (typeof words === "string") return [[path, words]];
  return Object.entries(words as object).flatMap(([key, value]) => flat(value, `${path}.${key}`));
}

/** Names in braces; what stands after a plural's case is words. */
const blanks = (words: string): string[] =>
  [...words.matchAll(/(?<!\b(?:zero|one|two|few|many|other|=\d+) )\{(\w+)\s*[,}]/g)]
    .map((match) => match[1] ?? "")
    .sort();

describe.each(Object.keys(files).filter((file) => file.startsWith("./en/")))("%s", (file) => {
  it("is translated, blank for blank", () => {
    const german = new Map(flat(files[file.replace("/en/", "/de/")]));
    for (const [path, words] of flat(files[file])) {
      expect(new Set(blanks(german.get(path) ?? "")), path).toEqual(new Set(blanks(words)));
    }
  });
});

describe("preferred", () => {
  it("takes what was chosen, then what the browser asks, then English", () => {
    expect(preferred("de", ["en-GB"])).toBe("de");
    expect(preferred(null, ["fr", "de-AT"])).toBe("de");
    expect(preferred(null, ["fr"])).toBe("en");
  });
});

describe("direction", () => {
  it("follows the script", () => {
    expect([direction("he-IL"), direction("de")]).toEqual(["rtl", "ltr"]);
  });
});
