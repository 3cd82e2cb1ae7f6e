/** What the organization's people write in. */
import { graphql, useFragment } from "react-relay";
import { useLocale, useTranslations } from "use-intl";
import type { Languages_settings$key } from "~/__generated__/Languages_settings.graphql";
import { TokenField } from "../parts/TokenField";
import { useSettings } from "./settings";

export function Languages({ settings: key }: { readonly settings: Languages_settings$key }) {
  const t = useTranslations("people.organization");
  const show = useLanguageName();
  const [change] = useSettings();
  const { languages } = useFragment(
    graphql`
      fragment Languages_settings on OrganizationSettings {
        languages
      }
    `,
    key,
  );
  return (
    <TokenField
      label={t("languages")}
      add={t("languageAdd")}
      values={languages}
      show={show}
      onChange={(values) => change({ languages: values })}
    />
  );
}

/** What a language is called, by its tag. */
export function useLanguageName(): (tag: string) => string {
  const names = new Intl.DisplayNames(useLocale(), { type: "language" });
  return (tag) => {
    try {
      const name = names.of(tag);
      return name && name !== tag ? `${name} (${tag})` : tag;
    } catch {
      return tag; // not a tag at all
    }
  };
}
