/** Several short texts: shown as chips, of which each can be taken away, and a field for another one. */
import { X } from "lucide-react";
import { type KeyboardEvent, useState } from "react";
import { Button as AriaButton, Label, Tag, TagGroup, TagList, Text } from "react-aria-components";
import { useTranslations } from "use-intl";
import { Refusal } from "~/changes";
import { Button } from "~/components/Button";
import { TextField } from "~/components/Field";

interface TokenFieldProps {
  readonly label: string;
  /** What to type: the label of the field. */
  readonly add: string;
  readonly values: readonly string[];
  /** May answer later, and raise what is wrong with the values. */
  readonly onChange: (values: readonly string[]) => Promise<unknown> | undefined;
  readonly hint?: string;
  /** How a value is shown, where it is not shown as it is. */
  readonly show?: (value: string) => string;
}

export function TokenField({ label, add, values, onChange, hint, show = (value) => value }: TokenFieldProps) {
  const t = useTranslations("people.parts");
  const [problem, setProblem] = useState<string>();
  const put = async (changed: readonly string[]): Promise<boolean> => {
    setProblem(undefined);
    try {
      await onChange(changed);
      return true;
    } catch (error) {
      setProblem(wordsOf(error));
      return false;
    }
  };
  return (
    <div className="flex flex-col gap-2">
      <TagGroup
        onRemove={(gone) => void put(values.filter((value) => !gone.has(value)))}
        className="flex flex-col gap-1.5"
      >
        <Label className="font-medium text-sm">{label}</Label>
        <TagList className="flex flex-wrap gap-1.5" renderEmptyState={() => null}>
          {values.map((value) => (
            <Tag
              key={value}
              id={value}
              textValue={show(value)}
              className="inline-flex min-h-7 cursor-default items-center gap-1 rounded-full border border-line ps-2.5 pe-1 text-sm"
            >
              {show(value)}
              <AriaButton
                slot="remove"
                aria-label={t("remove", { name: show(value) })}
                className="inline-flex size-6 items-center justify-center rounded-full text-ink-muted hover:bg-hover"
              >
                <X size={14} aria-hidden />
              </AriaButton>
            </Tag>
          ))}
        </TagList>
        {hint && (
          <Text slot="description" className="text-ink-faint text-xs">
            {hint}
          </Text>
        )}
      </TagGroup>
      <Another
        label={add}
        problem={problem}
        onAdd={(value) => (values.includes(value) ? true : put([...values, value]))}
      />
    </div>
  );
}

/** What is wrong, without the path of a field that nobody sees. */
function wordsOf(error: unknown): string {
  if (error instanceof Refusal) return error.fields[0]?.message ?? error.message;
  return error instanceof Error ? error.message : String(error);
}

interface AnotherProps {
  readonly label: string;
  readonly problem?: string;
  readonly onAdd: (value: string) => Promise<boolean> | boolean;
}

function Another({ label, problem, onAdd }: AnotherProps) {
  const t = useTranslations("people.parts");
  const [text, setText] = useState("");
  const send = async (): Promise<void> => {
    const value = text.trim();
    if (value && (await onAdd(value))) setText("");
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key !== "Enter") return;
    event.preventDefault(); // it is no form of its own, and must not send the one around it
    void send();
  };
  return (
    <div className="flex items-start gap-2">
      <TextField
        label={label}
        isLabelHidden
        placeholder={label}
        problem={problem}
        value={text}
        onChange={setText}
        onKeyDown={onKeyDown as never}
        className="min-w-0 flex-1"
      />
      <Button onPress={() => void send()} isDisabled={!text.trim()}>
        {t("add")}
      </Button>
    </div>
  );
}
