/** Whose session this is, how the console looks to them, and the way out. */
import { Building2, ChevronsUpDown, Keyboard, LogOut, UserRound } from "lucide-react";
import { Button as AriaButton } from "react-aria-components";
import { useTranslations } from "use-intl";
import { Avatar } from "~/components/Badge";
import { Menu, MenuItem, MenuSection, MenuSeparator } from "~/components/Menu";
import { LANGUAGES, type Language } from "~/messages";
import { type Theme, usePreferences } from "~/preferences";
import { post } from "~/session";
import { useFreshStore } from "../App";
import { useShortcuts } from "../commands";
import { useNavigate } from "../navigation";
import type { Viewer } from "../viewer";
import { useOrganizations } from "./organizations";

const THEMES: readonly Theme[] = ["system", "light", "dark"];

export function AccountMenu({ viewer }: { readonly viewer: Viewer }) {
  const t = useTranslations("app.account");
  const { choose, language, theme } = usePreferences();
  const keys = useTranslations("app.go")("keys");
  const [isHeard, hear] = useShortcuts();
  const signOut = useSignOut();
  const { organizations, look, go } = useOrganizations();
  const name = viewer.agent?.name ?? "";
  const trigger = (
    <AriaButton
      onHoverStart={look}
      onFocus={look}
      className="m-2 flex items-center gap-2 rounded-md px-2 py-1.5 text-start hover:bg-hover pressed:bg-pressed"
    >
      <Avatar name={name} />
      <span className="min-w-0 flex-1 truncate">{name}</span>
      <span className="sr-only">{t("menu")}</span>
      <ChevronsUpDown size={14} aria-hidden className="text-ink-faint" />
    </AriaButton>
  );
  return (
    <Menu trigger={trigger} placement="top start" label={t("menu")}>
      <MenuItem icon={UserRound} href="/me">
        {t("profile")}
      </MenuItem>
      {organizations.length > 1 && (
        <MenuSection title={t("organization")}>
          {organizations.map(({ slug, name }) => (
            <MenuItem
              key={slug}
              icon={Building2}
              shortcut={slug === viewer.organization?.slug ? "✓" : undefined}
              onAction={() => slug !== viewer.organization?.slug && go(slug)}
            >
              {name}
            </MenuItem>
          ))}
        </MenuSection>
      )}
      <MenuSeparator />
      <MenuSection title={t("theme")}>
        {THEMES.map((one) => (
          <MenuItem key={one} shortcut={one === theme ? "✓" : undefined} onAction={() => choose({ theme: one })}>
            {t(one)}
          </MenuItem>
        ))}
      </MenuSection>
      <MenuSection title={t("language")}>
        {(Object.keys(LANGUAGES) as Language[]).map((one) => (
          <MenuItem key={one} shortcut={one === language ? "✓" : undefined} onAction={() => choose({ language: one })}>
            {LANGUAGES[one]}
          </MenuItem>
        ))}
      </MenuSection>
      <MenuSeparator />
      <MenuItem icon={Keyboard} shortcut={isHeard ? "✓" : undefined} onAction={() => hear(!isHeard)}>
        {keys}
      </MenuItem>
      <MenuItem icon={LogOut} onAction={() => void signOut()}>
        {t("signOut")}
      </MenuItem>
    </Menu>
  );
}

function useSignOut(): () => Promise<void> {
  const navigate = useNavigate();
  const fresh = useFreshStore();
  return async () => {
    await post("/auth/sign-out", {});
    navigate("/sign-in");
    fresh();
  };
}
