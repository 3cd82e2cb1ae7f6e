/** Markdown as elements of whichever library draws them: no HTML is ever parsed, so none can be smuggled in. */
import type { Nodes, Parents, RootContent } from "mdast";
import { fromMarkdown } from "mdast-util-from-markdown";
import { gfmTableFromMarkdown } from "mdast-util-gfm-table";
import { gfmTable } from "micromark-extension-gfm-table";

/** Makes an element: React's `createElement`, or Preact's `h`. */
export type Make<Element> = (
  type: string,
  props: Record<string, unknown> | null,
  ...children: (Element | string)[]
) => Element;

const SAFE = /^(https?:|mailto:|tel:|\/|#)/i;
const TAGS: Partial<Record<Nodes["type"], string>> = {
  paragraph: "p",
  emphasis: "em",
  strong: "strong",
  blockquote: "blockquote",
  listItem: "li",
  tableRow: "tr",
};

/** The elements of a text; a link that is neither web, mail nor telephone is its words alone. */
export function render<Element>(text: string, make: Make<Element>): (Element | string)[] {
  const tree = fromMarkdown(text, { extensions: [gfmTable()], mdastExtensions: [gfmTableFromMarkdown()] });
  return children(tree, make);
}

function children<Element>(node: Parents, make: Make<Element>): (Element | string)[] {
  return node.children.flatMap((child, at) => one(child, make, `${at}`));
}

function one<Element>(node: RootContent, make: Make<Element>, key: string): (Element | string)[] {
  switch (node.type) {
    case "text":
      return [node.value];
    case "html":
      return [node.value];
    case "inlineCode":
      return [make("code", { key }, node.value)];
    case "code":
      return [make("pre", { key }, make("code", null, node.value))];
    case "break":
      return [make("br", { key })];
    case "thematicBreak":
      return [make("hr", { key })];
    case "heading":
      return [make(`h${node.depth}`, { key }, ...children(node, make))];
    case "list":
      return [make(node.ordered ? "ol" : "ul", { key, start: node.start ?? undefined }, ...children(node, make))];
    case "table":
      return [make("table", { key }, make("tbody", null, ...children(node, make)))];
    case "tableCell":
      return [make("td", { key }, ...children(node, make))];
    case "link":
      return link(node.url, children(node, make), make, key);
    case "image":
      return [node.alt ?? ""];
    default: {
      const tag = TAGS[node.type];
      if (tag && "children" in node) return [make(tag, { key }, ...children(node as Parents, make))];
      return "children" in node ? children(node as Parents, make) : [];
    }
  }
}

function link<Element>(
  url: string,
  words: (Element | string)[],
  make: Make<Element>,
  key: string,
): (Element | string)[] {
  if (!SAFE.test(url)) return words;
  const outside =
    url.startsWith("/") || url.startsWith("#") ? {} : { target: "_blank", rel: "noopener noreferrer nofollow" };
  return [make("a", { key, href: url, ...outside }, ...words)];
}
