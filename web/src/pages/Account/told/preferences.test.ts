/** How somebody wants to be told. */
import { describe, expect, it } from "vitest";
import { asForm, asInput, toggled } from "./preferences";

const STORED = {
  kinds: [{ kind: "MENTIONED", means: ["IN_APP", "EMAIL"], isUrgent: false }],
  zone: "Europe/Lisbon",
  quietHours: null,
  digest: "DAILY",
  number: null,
  language: null,
} as const;

describe("preferences", () => {
  it("goes from the server to the form and back", () => {
    const input = asInput(asForm(STORED as never));
    expect(input).toEqual({
      kinds: [{ kind: "MENTIONED", means: ["IN_APP", "EMAIL"] }],
      zone: "Europe/Lisbon",
      quietHours: null,
      digest: "DAILY",
      number: null,
      language: null,
    });
  });

  it("puts means in and out, in their order", () => {
    const form = asForm(STORED as never);
    expect(toggled(form, "MENTIONED", "PUSH", true).kinds[0]?.means).toEqual(["IN_APP", "EMAIL", "PUSH"]);
    expect(toggled(form, "MENTIONED", "IN_APP", false).kinds[0]?.means).toEqual(["EMAIL"]);
    expect(toggled(form, "OFFERED", "IN_APP", false)).toEqual(form);
  });
});
