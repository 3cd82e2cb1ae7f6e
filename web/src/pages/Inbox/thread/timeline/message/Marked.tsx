/** Words in Markdown, with citations. */
import { createElement, type ReactElement } from "react";
import { render } from "~/components/text/markdown";
import { type AnswerProps, linked } from "./Answer";

export default function Marked({ text, citations }: AnswerProps) {
  const make = (type: string, props: Record<string, unknown> | null, ...children: (ReactElement | string)[]) =>
    createElement(type, props, ...(type === "code" ? children : children.flatMap(withCitations)));
  const withCitations = (child: ReactElement | string) =>
    typeof child === "string" ? linked(child, citations) : [child];
  return <div className="prose">{render<ReactElement>(text, make)}</div>;
}
