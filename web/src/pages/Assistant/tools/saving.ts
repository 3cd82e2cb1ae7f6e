/** Making a tool, or changing one. */
import { graphql } from "react-relay";
import type { savingChangeToolMutation } from "~/__generated__/savingChangeToolMutation.graphql";
import type { savingCreateToolMutation } from "~/__generated__/savingCreateToolMutation.graphql";
import { useChange } from "~/changes";
import { type Definition, inputOf, rulesOf, type Tool } from "./definition";

/** The second item says whether it is under way; the first gives the key that calls are signed with, where one was made. */
export function useSaveTool(
  tool: Tool | null,
  connection: string,
): [(definition: Definition) => Promise<string | null | undefined>, boolean] {
  const [create, isCreating] = useChange<savingCreateToolMutation>(graphql`
    mutation savingCreateToolMutation($input: CreateToolInput!, $connections: [ID!]!) {
      createTool(input: $input) {
        ... on CreateToolSuccess {
          signingKey
          tool @prependNode(connections: $connections, edgeTypeName: "ToolListEdge") {
            id
            ...ToolRow_tool
          }
        }
        ... on InvalidInputError {
          fields {
            path
            message
          }
        }
        ... on Error {
          code
          message
        }
      }
    }
  `);
  const [change, isChanging] = useChange<savingChangeToolMutation>(graphql`
    mutation savingChangeToolMutation($input: ChangeToolInput!) {
      changeTool(input: $input) {
        ... on ChangeToolSuccess {
          signingKey
          tool {
            ...ToolRow_tool
          }
        }
        ... on InvalidInputError {
          fields {
            path
            message
          }
        }
        ... on Error {
          code
          message
        }
      }
    }
  `);
  const save = async (definition: Definition): Promise<string | null | undefined> => {
    if (!tool) return (await create({ input: inputOf(definition), connections: [connection] })).signingKey;
    const { renewSigningKey } = definition;
    const input = tool.mcpServer ? rulesOf(definition) : { ...inputOf(definition), renewSigningKey };
    return (await change({ input: { toolId: tool.id, ...input } })).signingKey;
  };
  return [save, isCreating || isChanging];
}
