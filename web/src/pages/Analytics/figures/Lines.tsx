/** Values over time as lines, and what they were as broken ones. A picture of numbers that stand in a table beside it. */
import { useEffect, useRef } from "react";
import uPlot from "uplot";
import { colour, onTheme } from "~/components/charts/Bars";
import "uplot/dist/uPlot.min.css";
import "./chart.css";

export interface Line {
  readonly label: string;
  readonly values: readonly (number | null)[];
  /** What it was: drawn broken and grey. */
  readonly isBefore?: boolean;
}

interface LinesProps {
  readonly label: string;
  /** When each stretch of time begins, in seconds since 1970. */
  readonly times: readonly number[];
  readonly lines: readonly Line[];
  /** How far apart the marks of the values may be, the least first. */
  readonly marks?: readonly number[];
  /** A value, and a time, in words. */
  readonly words: (value: number) => string;
  readonly when: (at: number) => string;
}

const HEIGHT = 200;
const FONT = '11px "Inter Variable", system-ui, sans-serif';
const COLOURS = ["--color-accent-ink", "--color-tag-purple", "--color-tag-orange", "--color-tag-blue"];

export default function Lines({ label, times, lines, marks, words, when }: LinesProps) {
  const place = useRef<HTMLDivElement>(null);
  // The newest words, without drawing anew whenever the page does.
  const says = useRef({ words, when });
  says.current = { words, when };
  useEffect(() => {
    const node = place.current;
    if (!node) return;
    const plot = new uPlot(
      optionsOf(
        node,
        lines,
        marks,
        (value) => says.current.words(value),
        (at) => says.current.when(at),
      ),
      [[...times], ...lines.map(({ values }) => [...values])],
      node,
    );
    const sizes = new ResizeObserver(() => plot.setSize({ width: node.clientWidth, height: HEIGHT }));
    sizes.observe(node);
    const end = onTheme(() => plot.redraw());
    return () => {
      end();
      sizes.disconnect();
      plot.destroy();
    };
  }, [times, lines, marks]);
  return <div ref={place} role="img" aria-label={label} className="chart min-w-0 overflow-hidden" />;
}

function optionsOf(
  node: Element,
  lines: readonly Line[],
  marks: readonly number[] | undefined,
  words: (value: number) => string,
  when: (at: number) => string,
): uPlot.Options {
  const axis = { font: FONT, stroke: () => colour(node, "--color-ink-muted"), ticks: { show: false } };
  const grid = { stroke: () => colour(node, "--color-line"), width: 1 };
  return {
    width: node.clientWidth,
    height: HEIGHT,
    padding: [8, 24, 0, 0],
    legend: { live: true },
    cursor: { y: false, drag: { x: false, y: false }, points: { size: 7 } },
    scales: { y: { range: (_, __, most) => [0, most > 0 ? most * 1.1 : 1] } },
    axes: [
      { ...axis, grid: { show: false }, values: (_, all) => all.map(when), space: 80, size: 32 },
      { ...axis, grid, values: (_, all) => all.map(words), size: 60, incrs: marks && [...marks] },
    ],
    series: [
      { label: "", value: (_, at) => (at === null ? "" : when(at)) },
      ...lines.map((line, index) => seriesOf(node, line, index, words)),
    ],
  };
}

function seriesOf(node: Element, line: Line, index: number, words: (value: number) => string): uPlot.Series {
  const token = line.isBefore ? "--color-line-strong" : (COLOURS[index % COLOURS.length] ?? "--color-ink");
  return {
    label: line.label,
    stroke: () => colour(node, token),
    width: line.isBefore ? 1 : 2,
    dash: line.isBefore ? [4, 4] : undefined,
    // Where its neighbours are missing a value is no line: it is seen by its point.
    points: { show: true, size: 5, filter: (plot, series) => (line.isBefore ? [] : alone(plot.data[series] ?? [])) },
    value: (_, value) => (value === null ? "–" : words(value)),
  };
}

/** The places of values that have none beside them; of all while they are few. */
export function alone(values: ArrayLike<number | null | undefined>): number[] {
  const places = Array.from(values, (_, place) => place).filter((place) => typeof values[place] === "number");
  if (places.length <= 14) return places;
  return places.filter((place) => typeof values[place - 1] !== "number" && typeof values[place + 1] !== "number");
}
