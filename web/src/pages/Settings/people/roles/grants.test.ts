/** Permissions as a table. */
import { describe, expect, it } from "vitest";
import { asGrants, asInput, covers, granted, grouped } from "./grants";

describe("grouped", () => {
  it("keeps every permission, those that it does not know too", () => {
    const entries = [
      { permission: "READ_CUSTOMERS", scopes: ["OWN", "ALL"] },
      { permission: "TELEPORT" as never, scopes: ["ALL"] },
      { permission: "READ_CONVERSATIONS", scopes: ["OWN", "TEAM", "ALL"] },
    ] as const;
    expect(grouped(entries).map(([group, mine]) => [group, mine.map((one) => one.permission)])).toEqual([
      ["conversation", ["READ_CONVERSATIONS"]],
      ["customer", ["READ_CUSTOMERS"]],
      ["records", ["TELEPORT"]],
    ]);
  });
});

describe("granted", () => {
  it("gives, changes and takes away", () => {
    const some = asGrants([{ permission: "READ_AGENTS", scope: "ALL" }]);
    const more = granted(some, "READ_CONVERSATIONS", "TEAM");
    expect(asInput(more)).toHaveLength(2);
    expect(asInput(granted(more, "READ_AGENTS", null))).toEqual([{ permission: "READ_CONVERSATIONS", scope: "TEAM" }]);
    expect(asInput(some)).toHaveLength(1);
  });
});

describe("covers", () => {
  it("lets nobody give more than they hold", () => {
    expect([covers("TEAM", "OWN"), covers("TEAM", "ALL"), covers(undefined, "OWN")]).toEqual([true, false, false]);
  });
});
