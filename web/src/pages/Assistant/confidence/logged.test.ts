import { expect, it } from "vitest";
import { logged } from "./logged";

const customer = (text: string) => ({ id: text, kind: "TEXT", text, author: { __typename: "Customer" } });
const reply = (id: string, kind: string, confidence: number, passages: readonly unknown[] = [{}]) => ({
  id,
  kind,
  text: "…",
  author: { __typename: "Assistant" },
  provenance: { confidence, passages, curatedAnswer: null },
});

it("pairs each reply with the question before it, the surest first", () => {
  const nodes = [customer("One?"), reply("1", "HANDOFF", 0.2), customer("Two?"), reply("2", "ANSWER", 0.8)];
  expect(logged([{ id: "c", messages: { nodes } }])).toEqual([
    { id: "2", conversationId: "c", question: "Two?", confidence: 0.8, kind: "ANSWER" },
    { id: "1", conversationId: "c", question: "One?", confidence: 0.2, kind: "HANDOFF" },
  ]);
});

it("leaves out what no threshold decides", () => {
  const curated = {
    ...reply("1", "ANSWER", 0.9),
    provenance: { confidence: 0.9, passages: [{}], curatedAnswer: { id: "a" } },
  };
  const nodes = [customer("A person, please"), curated, reply("2", "HANDOFF", 1, []), reply("3", "SURVEY", 1)];
  expect(logged([{ id: "c", messages: { nodes } }])).toEqual([]);
});
