/** What fits comes first where it begins with what was typed. */
import { describe, expect, it } from "vitest";
import { fitting } from "./match";

const all = [
  { title: "Nächste Unterhaltung", group: "Liste" },
  { title: "Go online", group: "You" },
  { title: "Online gehen", group: "Konto" },
];
const titles = (text: string): string[] => fitting(all, text).map(({ title }) => title);

describe("fitting", () => {
  it("wants every word, without regard to accents and capitals", () => {
    expect(titles("NACHSTE liste")).toEqual(["Nächste Unterhaltung"]);
    expect(titles("nachste konto")).toEqual([]);
  });

  it("puts first what begins so, and shows all for nothing", () => {
    expect(titles("onl")).toEqual(["Online gehen", "Go online"]);
    expect(titles(" ")).toHaveLength(3);
  });
});
