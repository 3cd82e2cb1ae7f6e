/** A text in Markdown, as somebody wrote it or the assistant answered. */
import { createElement, memo, type ReactElement } from "react";
import { cx } from "../style";
import { render } from "./markdown";

export const Markdown = memo(function Markdown({
  text,
  className,
}: {
  readonly text: string;
  readonly className?: string;
}) {
  return <div className={cx("prose", className)}>{render<ReactElement>(text, createElement as never)}</div>;
});
