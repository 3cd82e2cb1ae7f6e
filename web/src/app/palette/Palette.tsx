/** One field for everything: deeds, pages, and what is found by its words. */
import type { LucideIcon } from "lucide-react";
import { CornerDownLeft, Search } from "lucide-react";
import { useState } from "react";
import {
  Autocomplete,
  Collection,
  Dialog,
  Header,
  Input,
  Keyboard,
  Menu,
  MenuItem,
  MenuSection,
  Modal,
  ModalOverlay,
  SearchField,
} from "react-aria-components";
import { useTranslations } from "use-intl";
import { useRegistry } from "~/app/commands";
import { keyCaps } from "~/app/commands/keys";
import { useNavigate } from "~/app/navigation";
import { cx, OPTION } from "~/components/style";
import { useHits } from "./hits";
import { fitting } from "./match";

interface Item {
  readonly id: string;
  readonly title: string;
  readonly detail?: string;
  readonly icon: LucideIcon;
  readonly keys?: string;
  run(): void;
}

interface Group {
  readonly name: string;
  readonly items: readonly Item[];
}

export default function Palette({ onClose }: { readonly onClose: () => void }) {
  const t = useTranslations("palette");
  const [text, setText] = useState("");
  const { groups, isSearching } = useGroups(text);
  const act = (key: string): void => {
    onClose();
    // Behind the dialog's end, which puts the focus back to where it was.
    const item = groups.flatMap((group) => group.items).find(({ id }) => id === key);
    if (item) setTimeout(() => item.run());
  };
  return (
    <ModalOverlay
      isOpen
      isDismissable
      onOpenChange={(isOpen) => !isOpen && onClose()}
      className="fixed inset-0 z-40 flex items-start justify-center bg-black/40 p-2 entering:animate-appear sm:pt-[14vh]"
    >
      <Modal className="w-full max-w-xl overflow-hidden rounded-xl bg-raised shadow-popup">
        <Dialog aria-label={t("title")} className="flex max-h-[70dvh] flex-col outline-none">
          <div className="contents" onKeyDownCapture={(event) => event.key === "Escape" && onClose()}>
            <Autocomplete inputValue={text} onInputChange={setText}>
              <SearchField
                aria-label={t("title")}
                autoFocus
                className="flex items-center gap-2 border-line border-b px-4"
              >
                <Search size={16} aria-hidden className="shrink-0 text-ink-faint" />
                <Input
                  placeholder={t("placeholder")}
                  className="h-12 min-w-0 flex-1 bg-transparent text-base outline-none placeholder:text-ink-faint [&::-webkit-search-cancel-button]:hidden"
                />
              </SearchField>
              <Menu
                aria-label={t("title")}
                items={groups}
                onAction={(key) => act(`${key}`)}
                renderEmptyState={() => (
                  <p className="p-6 text-center text-ink-muted">{t(isSearching ? "searching" : "nothing")}</p>
                )}
                className="min-h-0 flex-1 overflow-y-auto p-2 outline-none"
              >
                {(group) => (
                  <MenuSection id={group.name}>
                    <Header className="px-2 pt-2 pb-1 font-medium text-ink-faint text-xs">{group.name}</Header>
                    <Collection items={group.items}>{(item) => <Line item={item} />}</Collection>
                  </MenuSection>
                )}
              </Menu>
            </Autocomplete>
          </div>
          <p className="flex items-center gap-1.5 border-line border-t px-4 py-2 text-ink-faint text-xs max-sm:hidden">
            <CornerDownLeft size={12} aria-hidden />
            {t("hint")}
          </p>
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}

function Line({ item: { detail, icon: Icon, id, keys, title } }: { readonly item: Item }) {
  return (
    <MenuItem id={id} textValue={title} className={cx(OPTION, "min-h-9")}>
      <Icon size={16} aria-hidden className="shrink-0 text-ink-muted" />
      <span className="min-w-0 flex-1">
        <span className="block truncate">{title}</span>
        {detail && <span className="block truncate text-ink-faint text-xs">{detail}</span>}
      </span>
      {keys && <Keyboard className="font-sans text-ink-faint text-xs">{keyCaps(keys).join(" ")}</Keyboard>}
    </MenuItem>
  );
}

/** What fits the words: commands under their headings, then what the search finds. */
function useGroups(text: string): { readonly groups: readonly Group[]; readonly isSearching: boolean } {
  const t = useTranslations("palette");
  const registry = useRegistry();
  const navigate = useNavigate();
  const { hits, isSearching } = useHits(text);
  const commands = fitting(
    registry.all().filter(({ id }) => id !== "palette"),
    text,
  );
  const names = [...new Set(commands.map(({ group }) => group))];
  const groups: Group[] = names.map((name) => ({
    name,
    items: commands.flatMap((one) => (one.group === name ? [{ ...one, icon: one.icon ?? CornerDownLeft }] : [])),
  }));
  const words = text.trim();
  if (words.length < 2) return { groups, isSearching };
  const all: Item = {
    id: "search.all",
    title: t("searchAll", { words }),
    icon: Search,
    run: () => navigate(`/search?q=${encodeURIComponent(words)}`),
  };
  const found = hits.map((hit) => ({ ...hit, run: () => navigate(hit.to) }));
  return { groups: [...groups, { name: t("found"), items: [all, ...found] }], isSearching };
}
