/** Many things of which one, or some, are chosen: typing narrows them, and may make a new one. */
import { Check, Plus, Search } from "lucide-react";
import type { ReactNode } from "react";
import { useState } from "react";
import { Autocomplete, Input, ListBox, ListBoxItem, SearchField, useFilter } from "react-aria-components";
import { cx, FIELD, OPTION } from "~/components/style";

export interface Option {
  readonly id: string;
  readonly label: string;
  readonly mark?: ReactNode;
  readonly detail?: string;
}

interface PickerProps {
  readonly label: string;
  readonly options: readonly Option[];
  readonly chosen: readonly string[];
  readonly isMany?: boolean;
  readonly onChange: (chosen: readonly string[]) => void;
  /** What a button says that makes what was typed, where one may. */
  readonly create?: (text: string) => string;
  readonly onCreate?: (text: string) => void;
  readonly nothing: string;
}

const NEW = "new:";

export default function Picker({ label, options, chosen, isMany, onChange, create, onCreate, nothing }: PickerProps) {
  const { contains } = useFilter({ sensitivity: "base" });
  const [text, setText] = useState("");
  const typed = text.trim();
  const isKnown = options.some((option) => option.label.toLowerCase() === typed.toLowerCase());
  const offered: readonly Option[] =
    create && typed && !isKnown ? [...options, { id: NEW, label: create(typed), mark: <Plus size={14} /> }] : options;
  const choose = (ids: readonly string[]): void => {
    if (ids.includes(NEW)) {
      onCreate?.(typed);
      setText("");
    } else onChange(ids);
  };
  return (
    <Autocomplete inputValue={text} onInputChange={setText} filter={(value, wanted) => contains(value, wanted.trim())}>
      <SearchField aria-label={label} autoFocus className="relative mb-1">
        <Search size={14} aria-hidden className="pointer-events-none absolute start-2.5 top-2.5 text-ink-faint" />
        <Input placeholder={label} className={cx(FIELD, "ps-8 [&::-webkit-search-cancel-button]:hidden")} />
      </SearchField>
      <ListBox
        aria-label={label}
        items={offered}
        selectionMode={isMany ? "multiple" : "single"}
        selectedKeys={chosen}
        disallowEmptySelection={!isMany}
        // Escape is to close it, not to choose nothing.
        escapeKeyBehavior="none"
        onSelectionChange={(keys) => keys !== "all" && choose([...keys].map(String))}
        className="max-h-64 overflow-auto outline-none"
        renderEmptyState={() => <p className="px-2 py-1.5 text-ink-muted">{nothing}</p>}
      >
        {(option) => (
          <ListBoxItem id={option.id} textValue={option.label} className={OPTION}>
            {({ isSelected }) => (
              <>
                {option.mark}
                <span className="min-w-0 flex-1 truncate">{option.label}</span>
                {option.detail && <span className="text-ink-faint text-xs">{option.detail}</span>}
                {isSelected && <Check size={14} aria-hidden />}
              </>
            )}
          </ListBoxItem>
        )}
      </ListBox>
    </Autocomplete>
  );
}
