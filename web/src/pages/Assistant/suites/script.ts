/** A test case as people type it, and as the API wants it: lists are lines, `/…/` is a pattern, `tool: result` a stand-in. */
import type { Cases_case$data } from "~/__generated__/Cases_case.graphql";

export type Script = Cases_case$data["script"];
export type Outcome = NonNullable<Script["outcome"]>;

export const OUTCOMES: readonly Outcome[] = ["ANSWER", "CLARIFICATION", "HANDOFF", "REFUSAL", "ACTION_PROPOSAL"];

export interface Typed {
  readonly turns: string;
  readonly outcome: Outcome | "ANY";
  readonly mustCite: string;
  readonly mustSay: string;
  readonly mustNotSay: string;
  readonly tools: string;
}

export const EMPTY: Typed = { turns: "", outcome: "ANY", mustCite: "", mustSay: "", mustNotSay: "", tools: "" };

export function typed(script: Script): Typed {
  return {
    turns: script.turns.join("\n"),
    outcome: script.outcome ?? "ANY",
    mustCite: script.mustCite.join("\n"),
    mustSay: script.mustSay.map(shown).join("\n"),
    mustNotSay: script.mustNotSay.map(shown).join("\n"),
    tools: script.tools.map(({ name, result }) => `${name}: ${result}`).join("\n"),
  };
}

export function scriptOf(said: Typed) {
  return {
    turns: lines(said.turns),
    outcome: said.outcome === "ANY" ? null : said.outcome,
    mustCite: lines(said.mustCite),
    mustSay: lines(said.mustSay).map(wording),
    mustNotSay: lines(said.mustNotSay).map(wording),
    tools: lines(said.tools).map(standIn),
  };
}

interface Wording {
  readonly text: string;
  readonly isPattern: boolean;
}

function shown({ text, isPattern }: Wording): string {
  return isPattern ? `/${text}/` : text;
}

function wording(line: string): Wording {
  const pattern = /^\/(.+)\/$/.exec(line)?.[1];
  return pattern ? { text: pattern, isPattern: true } : { text: line, isPattern: false };
}

function standIn(line: string): { name: string; result: string } {
  const [name = "", ...rest] = line.split(":");
  return { name: name.trim(), result: rest.join(":").trim() };
}

function lines(text: string): string[] {
  return text
    .split("\n")
    .map((line) => line.trim())
    .filter(Boolean);
}
