import { describe, expect, it } from "vitest";
import { batches, documentOf, isReadable, isTooLarge } from "./batches";

const file = (path: string, size: number) => ({ path, file: new File(["x".repeat(size)], path) });
const paths = (made: ReturnType<typeof batches>) => made.map((batch) => batch.map(({ path }) => path));

describe("batches", () => {
  it("gathers files by path until a request is full", () => {
    const files = [file("c.md", 60), file("a.md", 50), file("b.md", 50)];
    expect(paths(batches(files, 100))).toEqual([["a.md", "b.md"], ["c.md"]]);
  });

  it("holds no more files than a request may", () => {
    expect(paths(batches([file("a.md", 1), file("b.md", 1), file("c.md", 1)], 100, 2))).toEqual([
      ["a.md", "b.md"],
      ["c.md"],
    ]);
  });

  it("leaves a file that no request can carry alone, for the caller to tell", () => {
    const large = file("b.pdf", 90);
    expect(paths(batches([file("a.md", 1), large, file("c.md", 1)], 100))).toEqual([["a.md"], ["b.pdf"], ["c.md"]]);
    expect([isTooLarge(large, 100), isTooLarge(file("b.md", 90), 100)]).toEqual([true, false]);
  });
});

it("reads what the server reads, and leaves hidden files alone", () => {
  expect(["a/b.MD", "c.pdf", "d.docx", ".git/e.md", "f/.g.txt"].map((path) => isReadable(file(path, 1)))).toEqual([
    true,
    true,
    false,
    false,
    false,
  ]);
});

it("sends text as text and PDF as base64", async () => {
  expect(await documentOf(file("a.md", 2))).toEqual({ name: "a.md", text: "xx" });
  expect(await documentOf(file("a.pdf", 3))).toEqual({ name: "a.pdf", base64: "eHh4" });
});
