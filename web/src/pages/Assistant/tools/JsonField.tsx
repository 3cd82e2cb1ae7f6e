/** A text that has to be a JSON object; says where it is none while one types. */
import { useTranslations } from "use-intl";
import { TextField } from "~/components/Field";
import { isObject, read } from "./json";

interface JsonFieldProps {
  readonly label: string;
  readonly hint?: string;
  readonly problem?: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly lines?: number;
}

export function JsonField({ problem, lines = 10, ...rest }: JsonFieldProps) {
  const mistake = useMistake(rest.value);
  return (
    <TextField
      {...rest}
      lines={lines}
      problem={mistake ?? problem}
      spellCheck="false"
      className="[&_textarea]:font-mono [&_textarea]:text-xs"
    />
  );
}

/** Why a text is no JSON object; undefined where it is one. */
export function useMistake(text: string): string | undefined {
  const t = useTranslations("assistant.json");
  const result = read(text);
  if ("value" in result) return isObject(result.value) ? undefined : t("object");
  return result.line === null ? t("bad") : t("badLine", { line: result.line });
}
