/** What is said of a tool while somebody writes it, and how the API wants to hear it. */
import type { ToolRow_tool$data } from "~/__generated__/ToolRow_tool.graphql";
import { isObject, read, write } from "./json";

export type Tool = ToolRow_tool$data;
export type Kind = Tool["kind"];
export type Method = NonNullable<Tool["method"]>;

export const METHODS: readonly Method[] = ["GET", "POST", "PUT", "PATCH", "DELETE"];

export interface Definition {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly parameters: string;
  readonly url: string;
  readonly method: Method;
  readonly kind: Kind;
  readonly needsApproval: boolean;
  readonly needsVerifiedCustomer: boolean;
  readonly redactedInput: string;
  readonly redactedOutput: string;
  readonly timeLimit: number;
  readonly secretHeader: string;
  readonly secret: string;
  readonly renewSigningKey: boolean;
}

const EMPTY: Definition = {
  name: "",
  title: "",
  description: "",
  parameters: write({ type: "object", properties: { order: { type: "string", maxLength: 20 } }, required: ["order"] }),
  url: "",
  method: "POST",
  kind: "ACTING",
  needsApproval: true,
  needsVerifiedCustomer: false,
  redactedInput: "",
  redactedOutput: "",
  timeLimit: 10,
  secretHeader: "",
  secret: "",
  renewSigningKey: false,
};

export function definitionOf(tool: Tool | null): Definition {
  if (!tool) return EMPTY;
  return {
    ...EMPTY,
    ...tool,
    parameters: write(tool.parameters),
    url: tool.url ?? "",
    method: tool.method ?? "POST",
    redactedInput: tool.redactedInput.join("\n"),
    redactedOutput: tool.redactedOutput.join("\n"),
    secretHeader: tool.secretHeader ?? "",
  };
}

/** Whether it can be sent at all; the rest is the server's to say. */
export function isWhole(definition: Definition, isRemote: boolean): boolean {
  const parameters = read(definition.parameters);
  const isSchema = "value" in parameters && isObject(parameters.value);
  const said = isRemote ? [definition.title] : [definition.name, definition.title, definition.url];
  return isSchema && said.every((text) => text.trim() !== "");
}

/** What staff decide about every tool, also about one of an MCP server. */
export function rulesOf(definition: Definition) {
  const { title, kind, needsApproval, needsVerifiedCustomer, timeLimit } = definition;
  return {
    title: title.trim(),
    kind,
    needsApproval: kind === "ACTING" && needsApproval,
    needsVerifiedCustomer,
    timeLimit,
    redactedInput: paths(definition.redactedInput),
    redactedOutput: paths(definition.redactedOutput),
  };
}

/** All of an HTTP tool. */
export function inputOf(definition: Definition) {
  const { name, description, url, method, secretHeader, secret } = definition;
  const parameters = read(definition.parameters);
  return {
    ...rulesOf(definition),
    name: name.trim(),
    description: description.trim(),
    parameters: "value" in parameters ? parameters.value : null,
    url: url.trim(),
    method,
    secretHeader: secretHeader.trim() || null,
    secret: secret || null,
  };
}

/** One dotted path a line. */
function paths(text: string): string[] {
  return text
    .split("\n")
    .map((line) => line.trim())
    .filter(Boolean);
}
