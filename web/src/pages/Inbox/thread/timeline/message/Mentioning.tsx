/** A note's words, with the colleagues it names made visible. */
export function Mentioning({ text, names }: { readonly text: string; readonly names: readonly string[] }) {
  return (
    <p className="whitespace-pre-wrap [overflow-wrap:anywhere]">
      {partsOf(text, names).map((part, at) =>
        part.isName ? (
          <strong key={at} className="font-semibold text-note">
            {part.words}
          </strong>
        ) : (
          part.words
        ),
      )}
    </p>
  );
}

interface Part {
  readonly words: string;
  readonly isName: boolean;
}

/** The text in parts, each a name behind an @ or what stands between; the longest name wins. */
export function partsOf(text: string, names: readonly string[]): readonly Part[] {
  const marks = names.map((name) => `@${name}`).sort((a, b) => b.length - a.length);
  const parts: Part[] = [];
  let plain = "";
  for (let at = 0; at < text.length; ) {
    const mark = text[at] === "@" ? marks.find((one) => text.startsWith(one, at)) : undefined;
    if (mark && plain) parts.push({ words: plain, isName: false });
    if (mark) parts.push({ words: mark, isName: true });
    plain = mark ? "" : plain + text[at];
    at += mark?.length ?? 1;
  }
  return plain ? [...parts, { words: plain, isName: false }] : parts;
}
