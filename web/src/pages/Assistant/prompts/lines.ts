/** A version beside its instructions, in words: each field with what it says. */
import { useFormatter, useTranslations } from "use-intl";

export interface Said {
  readonly tone: string;
  readonly languages: readonly string[];
  readonly forbiddenTopics: readonly string[];
  readonly model: string | null | undefined;
  readonly temperature: number | null | undefined;
  readonly mostTokens: number;
  readonly leastSupport: number;
}

export type Field = keyof Said;

export interface Line {
  readonly field: Field;
  readonly words: string;
}

/** In the order in which people write them. */
export function useLines(): (said: Said) => Line[] {
  const t = useTranslations("assistant.prompts");
  const format = useFormatter();
  return (said) => [
    { field: "tone", words: said.tone || t("unset") },
    { field: "languages", words: said.languages.join(", ") || t("anyLanguage") },
    { field: "forbiddenTopics", words: said.forbiddenTopics.join(", ") || t("none") },
    { field: "model", words: said.model ?? t("anyModel") },
    {
      field: "temperature",
      words: typeof said.temperature === "number" ? format.number(said.temperature) : t("ofTheModel"),
    },
    { field: "mostTokens", words: format.number(said.mostTokens) },
    { field: "leastSupport", words: format.number(said.leastSupport, { style: "percent" }) },
  ];
}

/** Fields that say something else than before, with both. */
export function changed(before: readonly Line[], after: readonly Line[]): (Line & { readonly before: string })[] {
  return after.flatMap((line) => {
    const was = before.find((other) => other.field === line.field)?.words ?? "";
    return was === line.words ? [] : [{ ...line, before: was }];
  });
}
