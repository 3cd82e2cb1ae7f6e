/** Above the list while rows are selected: what can be done with all of them, and what could not. */
import { AlarmClock, CheckCircle2, ShieldAlert, Tag as TagIcon, UserPlus, X } from "lucide-react";
import { useState } from "react";
import { graphql, useLazyLoadQuery } from "react-relay";
import { useTranslations } from "use-intl";
import type { BulkQuery } from "~/__generated__/BulkQuery.graphql";
import { useCommands } from "~/app/commands";
import { useMay } from "~/app/viewer";
import { IconButton } from "~/components/Button";
import { Notice } from "~/components/Feedback";
import { Menu, MenuItem } from "~/components/Menu";
import { tell } from "~/components/Toast";
import { useActs } from "./acts";
import { type Failure, forEach, reasonsOf } from "./each";
import { PRESETS, untilOf } from "./snooze";

interface BulkProps {
  readonly selected: ReadonlySet<string>;
  readonly onSelect: (ids: ReadonlySet<string>) => void;
}

export default function Bulk({ selected, onSelect }: BulkProps) {
  const t = useTranslations("inbox.bulk");
  const mayReadAgents = useMay("READ_AGENTS");
  const { agents, tags, viewer } = useLazyLoadQuery<BulkQuery>(
    graphql`
      query BulkQuery($mayReadAgents: Boolean!) {
        viewer {
          agent {
            id
            name
          }
        }
        agents(first: 100) @include(if: $mayReadAgents) {
          nodes {
            id
            name
            suspendedAt
          }
        }
        tags {
          id
          name
        }
      }
    `,
    { mayReadAgents },
  );
  const acts = useActs();
  const [failures, setFailures] = useState<readonly Failure[]>([]);
  const [isBusy, setBusy] = useState(false);
  const run = async (act: (id: string) => Promise<unknown>): Promise<void> => {
    setBusy(true);
    const failed = await forEach([...selected], act);
    setBusy(false);
    setFailures(failed);
    if (failed.length < selected.size) tell(t("done", { count: selected.size - failed.length }));
    onSelect(new Set(failed.map(({ id }) => id)));
  };
  const clear = (): void => onSelect(new Set());
  useCommands([{ id: "bulk.clear", title: t("clear"), group: t("group"), keys: "escape", run: clear }]);
  const people = agents?.nodes.filter(({ suspendedAt }) => !suspendedAt) ?? (viewer.agent ? [viewer.agent] : []);
  const button = (icon: typeof X, label: string) => <IconButton icon={icon} label={label} isDisabled={isBusy} />;
  return (
    <div className="shrink-0 border-line border-b bg-accent-soft">
      <div role="toolbar" aria-label={t("group")} className="flex h-11 items-center ps-1.5 pe-1.5">
        <IconButton icon={X} label={t("clear")} onPress={clear} />
        <span aria-live="polite" className="min-w-0 flex-1 truncate font-medium text-sm tabular-nums">
          {t("selected", { count: selected.size })}
        </span>
        <Menu label={t("assign")} trigger={button(UserPlus, t("assign"))}>
          {people.map(({ id, name }) => (
            <MenuItem key={id} onAction={() => void run(acts.assign(id))}>
              {id === viewer.agent?.id ? t("me", { name }) : name}
            </MenuItem>
          ))}
        </Menu>
        {tags.length > 0 && (
          <Menu label={t("tag")} trigger={button(TagIcon, t("tag"))}>
            {tags.map(({ id, name }) => (
              <MenuItem key={id} onAction={() => void run(acts.tag(id))}>
                {name}
              </MenuItem>
            ))}
          </Menu>
        )}
        <Menu label={t("snooze")} trigger={button(AlarmClock, t("snooze"))}>
          {PRESETS.map((preset) => (
            <MenuItem key={preset} onAction={() => void run(acts.snooze(untilOf(preset, new Date())))}>
              {t(`until.${preset}`)}
            </MenuItem>
          ))}
        </Menu>
        <IconButton icon={CheckCircle2} label={t("resolve")} isBusy={isBusy} onPress={() => void run(acts.resolve)} />
        <IconButton icon={ShieldAlert} label={t("spam")} isDisabled={isBusy} onPress={() => void run(acts.spam)} />
      </div>
      {failures.length > 0 && <Failures of={failures} />}
    </div>
  );
}

function Failures({ of: failures }: { readonly of: readonly Failure[] }) {
  const t = useTranslations("inbox.bulk");
  return (
    <Notice tone="danger" className="m-2">
      <p>{t("failed", { count: failures.length })}</p>
      <ul className="list-disc ps-4">
        {reasonsOf(failures).map(({ message, count }) => (
          <li key={message}>{t("reason", { message, count })}</li>
        ))}
      </ul>
    </Notice>
  );
}
