/** Conditions of rules: as the editor holds them, and as the API takes them. */

export type Scalar = string | number | boolean;

/** One test of one fact. */
export interface Test {
  readonly id: string;
  readonly fact: string;
  readonly operator: string;
  readonly values: readonly Scalar[];
  readonly isNot: boolean;
}

/** Parts of which all or any must be so. */
export interface Group {
  readonly id: string;
  readonly match: "all" | "any";
  readonly isNot: boolean;
  readonly parts: readonly Part[];
}

export type Part = Test | Group;

let made = 0;

/** A name for a part while it is edited: no two have the same. */
export function newId(): string {
  made += 1;
  return `part-${made}`;
}

export function isGroup(part: Part): part is Group {
  return "parts" in part;
}

export function group(parts: readonly Part[] = [], match: Group["match"] = "all", isNot = false): Group {
  return { id: newId(), match, isNot, parts };
}

/** A condition of the API as one group; what is not understood is left out. */
export function read(tree: unknown): Group {
  const part = partOf(tree, false);
  if (!part) return group();
  return isGroup(part) ? part : group([part]);
}

function partOf(tree: unknown, isNot: boolean): Part | null {
  if (!isObject(tree)) return null;
  if ("not" in tree) return partOf(tree.not, !isNot);
  if (typeof tree.fact === "string") return testOf(tree, tree.fact, isNot);
  for (const match of ["all", "any"] as const) {
    const below = tree[match];
    if (!Array.isArray(below)) continue;
    const parts = below.map((one: unknown) => partOf(one, false)).filter((part) => part !== null);
    return group(parts, match, isNot);
  }
  return null;
}

function testOf(tree: Record<string, unknown>, fact: string, isNot: boolean): Test | null {
  const [operator, given] = Object.entries(tree).find(([key]) => key !== "fact") ?? [];
  if (!operator) return null;
  const values = (Array.isArray(given) ? given : [given]).filter(isScalar);
  const [only] = values;
  const isDenied = values.length === 1 && only === false;
  if (operator === "exists") return { id: newId(), fact, operator, values: [true], isNot: isNot !== isDenied };
  if (isNot && typeof only === "boolean") return { id: newId(), fact, operator, values: [!only], isNot: false };
  return { id: newId(), fact, operator, values, isNot };
}

/** A group as the API takes it: groups without parts, and tests without values, say nothing. */
export function written(whole: Group): object {
  return treeOf(whole) ?? {};
}

function treeOf(part: Part): object | null {
  if (!isGroup(part)) {
    if (part.values.length === 0) return null;
    return denied({ fact: part.fact, [part.operator]: part.values }, part.isNot);
  }
  const below = part.parts.map(treeOf).filter((tree) => tree !== null);
  const [only] = below;
  if (!only) return null;
  return denied(below.length === 1 ? only : { [part.match]: below }, part.isNot);
}

function denied(tree: object, isNot: boolean): object {
  return isNot ? { not: tree } : tree;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isScalar(value: unknown): value is Scalar {
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean";
}
