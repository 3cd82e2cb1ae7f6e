/** One value a day as bars. A picture of numbers that stand in a table beside it; fetched where it is looked at. */
import { useEffect, useRef } from "react";
import uPlot from "uplot";
import { useFormatter } from "use-intl";
import "uplot/dist/uPlot.min.css";

interface BarsProps {
  readonly label: string;
  /** `at` in seconds since 1970, in UTC. */
  readonly points: readonly { readonly at: number; readonly value: number }[];
  /** A value in words. */
  readonly words: (value: number) => string;
}

const HEIGHT = 180;
const FONT = '11px "Inter Variable", system-ui, sans-serif';

export default function Bars({ label, points, words }: BarsProps) {
  const place = useRef<HTMLDivElement>(null);
  const format = useFormatter();
  // The newest words, without drawing anew whenever the page does.
  const says = useRef(words);
  says.current = words;
  useEffect(() => {
    const node = place.current;
    if (!node) return;
    const day = (at: number): string =>
      format.dateTime(new Date(at * 1_000), { day: "numeric", month: "short", timeZone: "UTC" });
    const plot = new uPlot(
      optionsOf(node, day, (value) => says.current(value)),
      [points.map(({ at }) => at), points.map(({ value }) => value)],
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
  }, [points, format]);
  return <div ref={place} role="img" aria-label={label} className="min-w-0 overflow-hidden" />;
}

function optionsOf(node: Element, day: (at: number) => string, words: (value: number) => string): uPlot.Options {
  const axis = { font: FONT, stroke: () => colour(node, "--color-ink-muted") };
  const lines = { stroke: () => colour(node, "--color-line"), width: 1 };
  return {
    width: node.clientWidth,
    height: HEIGHT,
    legend: { show: false },
    cursor: { show: false },
    tzDate: (at) => uPlot.tzDate(new Date(at * 1_000), "Etc/UTC"),
    scales: { y: { range: (_, __, most) => [0, most > 0 ? most * 1.1 : 1] } },
    axes: [
      { ...axis, grid: { show: false }, ticks: { show: false }, values: (_, all) => all.map(day), space: 70 },
      { ...axis, grid: lines, ticks: { show: false }, values: (_, all) => all.map(words), size: 72 },
    ],
    series: [
      {},
      {
        fill: () => colour(node, "--color-accent"),
        paths: uPlot.paths.bars?.({ size: [0.7, 36] }),
        points: { show: false },
      },
    ],
  };
}

/** What a token of the theme is now: a canvas does not know them. */
export function colour(near: Element, token: string): string {
  const probe = document.createElement("span");
  probe.style.color = `var(${token})`;
  near.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}

/** Hears when light becomes dark, by the system or by choice. */
export function onTheme(change: () => void): () => void {
  const system = matchMedia("(prefers-color-scheme: dark)");
  const chosen = new MutationObserver(change);
  system.addEventListener("change", change);
  chosen.observe(document.documentElement, { attributes: true, attributeFilter: ["style"] });
  return () => {
    system.removeEventListener("change", change);
    chosen.disconnect();
  };
}
