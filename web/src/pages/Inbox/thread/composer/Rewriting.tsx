/** Ways in which what is typed can be said differently. */
import type { LucideIcon } from "lucide-react";
import { useTranslations } from "use-intl";
import { IconButton } from "~/components/Button";
import { Menu, MenuItem, MenuSection } from "~/components/Menu";
import { usePreferences } from "~/preferences";
import type { Wish } from "./assist";

interface RewritingProps {
  readonly icon: LucideIcon;
  readonly isDisabled: boolean;
  readonly onWish: (wish: Wish) => void;
}

const TONES = ["FRIENDLY", "FORMAL", "PLAIN", "APOLOGETIC"] as const;
const LENGTHS = ["SHORTER", "LONGER"] as const;
const LANGUAGES = ["en", "de", "fr", "es", "it", "pt", "nl", "pl"] as const;

export function Rewriting({ icon, isDisabled, onWish }: RewritingProps) {
  const t = useTranslations("composer.rewrite");
  const { language } = usePreferences();
  const names = new Intl.DisplayNames([language], { type: "language" });
  return (
    <Menu
      label={t("title")}
      placement="top start"
      trigger={<IconButton icon={icon} label={t("title")} isDisabled={isDisabled} />}
    >
      <MenuSection title={t("tone")}>
        {TONES.map((tone) => (
          <MenuItem key={tone} onAction={() => onWish({ tone })}>
            {t(`tones.${tone}`)}
          </MenuItem>
        ))}
      </MenuSection>
      <MenuSection title={t("length")}>
        {LENGTHS.map((length) => (
          <MenuItem key={length} onAction={() => onWish({ length })}>
            {t(`lengths.${length}`)}
          </MenuItem>
        ))}
      </MenuSection>
      <MenuSection title={t("translate")}>
        {LANGUAGES.map((one) => (
          <MenuItem key={one} onAction={() => onWish({ translateTo: one })}>
            {names.of(one) ?? one}
          </MenuItem>
        ))}
      </MenuSection>
    </Menu>
  );
}
