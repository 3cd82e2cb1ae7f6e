/** All keys that do something where one is, and whether keys alone are heard. */
import { Keyboard } from "react-aria-components";
import { useTranslations } from "use-intl";
import { useRegistry, useShortcuts } from "~/app/commands";
import { keyCaps } from "~/app/commands/keys";
import { Switch } from "~/components/Choice";
import { Dialog } from "~/components/Dialog";

export default function Shortcuts({ onClose }: { readonly onClose: () => void }) {
  const t = useTranslations("palette.shortcuts");
  const [isHeard, hear] = useShortcuts();
  const commands = useRegistry()
    .all()
    .filter(({ keys }) => keys);
  const groups = [...new Set(commands.map(({ group }) => group))];
  return (
    <Dialog title={t("title")} isOpen onClose={onClose} size="wide">
      <Switch isSelected={isHeard} onChange={hear}>
        {t("plain")}
      </Switch>
      <p className="mt-1 mb-4 text-ink-muted text-xs">{t("plainHint")}</p>
      <div className="columns-1 gap-8 sm:columns-2">
        {groups.map((group) => (
          <section key={group} className="mb-4 break-inside-avoid">
            <h3 className="mb-1 font-medium text-ink-faint text-xs">{group}</h3>
            <dl>
              {commands
                .filter((command) => command.group === group)
                .map(({ id, keys = "", title }) => (
                  <div key={id} className="flex items-center justify-between gap-4 py-1">
                    <dt>{title}</dt>
                    <dd>
                      <Keys keys={keys} />
                    </dd>
                  </div>
                ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  );
}

function Keys({ keys }: { readonly keys: string }) {
  return (
    <Keyboard className="flex gap-1 font-sans">
      {keyCaps(keys).map((cap) => (
        <span
          key={cap}
          className="min-w-6 rounded border border-line bg-sunken px-1.5 text-center text-ink-muted text-xs"
        >
          {cap}
        </span>
      ))}
    </Keyboard>
  );
}
