/** What becomes of names of organizations. */
import { describe, expect, it } from "vitest";
import { slugOf } from "./slug";

describe("slugOf", () => {
  it.each([
    ["Mizzleford", "mizzleford"],
    ["Müller & Söhne GmbH", "mueller-soehne-gmbh"],
    ["  Café Olé!  ", "cafe-ole"],
    ["日本", ""],
    [`${"long ".repeat(12)}`, "long-long-long-long-long-long-long-long"],
  ])("makes of %s what an address may hold", (name, slug) => {
    expect(slugOf(name)).toBe(slug);
  });
});
