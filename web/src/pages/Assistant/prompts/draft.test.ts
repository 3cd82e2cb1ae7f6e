import { beforeEach, describe, expect, it } from "vitest";
import { draftOf, forget, inputOf, keep, recall } from "./draft";

const origin = {
  instructions: "Mention the club.",
  tone: "Warm.",
  languages: ["de", "pt-BR"],
  forbiddenTopics: ["politics", "medical advice"],
  model: null,
  temperature: 0.5,
  mostTokens: 400,
  leastSupport: 0.29,
};

describe("draftOf and inputOf", () => {
  it("come back to what they began with", () => {
    expect(inputOf(draftOf(origin))).toEqual({ ...origin, note: "" });
  });

  it("read lists as people write them", () => {
    const draft = { ...draftOf(undefined), languages: "de,  en; fr", forbiddenTopics: "politics\n\n the weather \n" };
    expect(inputOf(draft)).toMatchObject({
      languages: ["de", "en", "fr"],
      forbiddenTopics: ["politics", "the weather"],
    });
  });
});

describe("what is kept", () => {
  beforeEach(forget);

  it("survives, and is forgotten", () => {
    const draft = { ...draftOf(origin), instructions: "Something new" };
    keep(draft);
    expect(recall()).toEqual(draft);
    forget();
    expect(recall()).toBeNull();
  });

  it("is nothing where it is not ours", () => {
    localStorage.setItem("parley.instructions", "{");
    expect(recall()).toBeNull();
  });
});
