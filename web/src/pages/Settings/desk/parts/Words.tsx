/** Several words or phrases: each is typed and entered, and stands as a chip that can be taken away. */
import { X } from "lucide-react";
import { type KeyboardEvent, useState } from "react";
import { Button, Input, Tag, TagGroup, TagList, TextField } from "react-aria-components";
import { useTranslations } from "use-intl";
import { FieldLabel } from "~/components/Field";
import { cx, FIELD } from "~/components/style";

interface WordsProps {
  readonly label: string;
  readonly value: readonly string[];
  readonly onChange: (value: readonly string[]) => void;
  readonly isLabelHidden?: boolean;
  readonly className?: string;
}

export function Words({ label, value, onChange, isLabelHidden, className }: WordsProps) {
  const t = useTranslations("desk.words");
  const [typed, setTyped] = useState("");
  const enter = (): void => {
    const word = typed.trim();
    setTyped("");
    if (word && !value.includes(word)) onChange([...value, word]);
  };
  const press = (event: KeyboardEvent): void => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    enter();
  };
  return (
    <div className={cx("flex min-w-0 flex-col gap-1", className)}>
      <TextField value={typed} onChange={setTyped} onBlur={enter} onKeyDown={press} className="flex flex-col gap-1">
        <FieldLabel isHidden={isLabelHidden}>{label}</FieldLabel>
        <Input className={FIELD} placeholder={value.length === 0 ? t("enter") : t("or")} />
      </TextField>
      {value.length > 0 && (
        <TagGroup aria-label={label} onRemove={(keys) => onChange(value.filter((word) => !keys.has(word)))}>
          <TagList className="flex flex-wrap gap-1" items={value.map((id) => ({ id }))}>
            {({ id }) => (
              <Tag
                id={id}
                textValue={id}
                className="inline-flex max-w-full items-center gap-0.5 rounded bg-hover ps-2 text-xs outline-none focus-visible:outline-2 focus-visible:outline-accent-ink"
              >
                <span className="truncate">{id}</span>
                <Button
                  slot="remove"
                  aria-label={t("remove", { word: id })}
                  className="flex size-6 shrink-0 items-center justify-center rounded text-ink-muted hover:text-ink"
                >
                  <X size={12} aria-hidden />
                </Button>
              </Tag>
            )}
          </TagList>
        </TagGroup>
      )}
    </div>
  );
}
