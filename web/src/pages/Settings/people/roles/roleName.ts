/** What a role is called: the built-in ones in the reader's language. */
import { useTranslations } from "use-intl";

const BUILTIN = ["owner", "admin", "agent", "analyst"] as const;

export function useRoleName(): (name: string) => string {
  const t = useTranslations("people.roles.names");
  return (name) => {
    const builtin = BUILTIN.find((one) => one === name);
    return builtin ? t(builtin) : name;
  };
}
