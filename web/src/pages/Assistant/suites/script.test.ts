import { expect, it } from "vitest";
import { EMPTY, scriptOf, typed } from "./script";

const script = {
  turns: ["Where is my order?", "R-100"],
  outcome: "ANSWER" as const,
  mustCite: ["Delivery times"],
  mustSay: [
    { text: "Tuesday", isPattern: false },
    { text: "\\d+ days", isPattern: true },
  ],
  mustNotSay: [{ text: "free", isPattern: false }],
  tools: [{ name: "order_state", result: '{"state": "sent"}' }],
};

it("comes back as it was", () => {
  expect(scriptOf(typed(script))).toEqual(script);
});

it("leaves out empty lines, and asks for no outcome where any will do", () => {
  expect(scriptOf({ ...EMPTY, turns: " Hello \n\n" })).toMatchObject({ turns: ["Hello"], outcome: null, tools: [] });
});
