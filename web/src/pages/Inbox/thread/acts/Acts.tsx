/** The buttons above a conversation: what is next in its state, and the rest in a menu. */
import {
  CheckCheck,
  CircleStop,
  EllipsisVertical,
  FileText,
  Hand,
  type LucideIcon,
  RotateCcw,
  Undo2,
  UserRoundPlus,
} from "lucide-react";
import { useTranslations } from "use-intl";
import { type Command, useCommands } from "~/app/commands";
import { useMay, useViewer } from "~/app/viewer";
import { Button, IconButton } from "~/components/Button";
import { Menu, MenuItem } from "~/components/Menu";
import { useTellProblem } from "~/components/Toast";
import { useSheets } from "../sheets/sheets";
import { useActs } from "./useActs";

interface ActsProps {
  readonly conversation: {
    readonly id: string;
    readonly state: string;
    readonly isAnswering: boolean;
    readonly assignee: { readonly id: string } | null | undefined;
    readonly mergedInto: { readonly id: string } | null | undefined;
  };
}

interface Deed {
  readonly id: "takeOver" | "stop" | "resolve" | "reopen" | "giveBack" | "askForPerson" | "summary";
  readonly icon: LucideIcon;
  readonly keys?: string;
  /** Shown as a button of its own. */
  readonly isNext?: boolean;
  run(): void;
}

export function Acts({ conversation }: ActsProps) {
  const t = useTranslations("conversation.acts");
  const { deeds, isBusy } = useDeeds(conversation);
  useCommands(
    deeds.map(
      (deed): Command => ({
        id: `conversation.${deed.id}`,
        title: t(deed.id),
        group: t("group"),
        keys: deed.keys,
        icon: deed.icon,
        run: deed.run,
      }),
    ),
  );
  const next = deeds.filter((deed) => deed.isNext);
  const rest = deeds.filter((deed) => !deed.isNext);
  return (
    <div className="flex items-center gap-1.5">
      {next.map((deed) => (
        <Button
          key={deed.id}
          icon={deed.icon}
          look={deed.id === "takeOver" ? "primary" : "secondary"}
          isBusy={isBusy}
          onPress={deed.run}
        >
          {t(deed.id)}
        </Button>
      ))}
      <Menu label={t("more")} trigger={<IconButton icon={EllipsisVertical} label={t("more")} />}>
        {rest.map((deed) => (
          <MenuItem key={deed.id} icon={deed.icon} onAction={deed.run} shortcut={deed.keys?.toUpperCase()}>
            {t(deed.id)}
          </MenuItem>
        ))}
      </Menu>
    </div>
  );
}

/** What may be done now, the next first. */
function useDeeds(conversation: ActsProps["conversation"]): { deeds: readonly Deed[]; isBusy: boolean } {
  const acts = useActs(conversation.id);
  const tellProblem = useTellProblem();
  const sheets = useSheets();
  const mayReply = useMay("REPLY_TO_CONVERSATIONS");
  const me = useViewer().agent?.id;
  const { state, isAnswering, assignee, mergedInto } = conversation;
  const isOpen = state !== "RESOLVED";
  const isMine = state === "WITH_PERSON" && assignee?.id === me;
  const offered: readonly [may: boolean, deed: Deed][] = [
    [isAnswering, { id: "stop", icon: CircleStop, keys: ".", isNext: true, run: acts.stop }],
    [
      isOpen && state !== "WITH_PERSON",
      { id: "takeOver", icon: Hand, keys: "a", isNext: true, run: () => void acts.takeOver().catch(tellProblem) },
    ],
    [isOpen, { id: "resolve", icon: CheckCheck, keys: "e", isNext: isMine, run: acts.resolve }],
    [!isOpen, { id: "reopen", icon: RotateCcw, keys: "e", isNext: true, run: acts.reopen }],
    [isMine, { id: "giveBack", icon: Undo2, run: acts.giveBack }],
    [state === "WITH_ASSISTANT", { id: "askForPerson", icon: UserRoundPlus, run: acts.askForPerson }],
  ];
  const deeds = mayReply && !mergedInto ? offered.filter(([may]) => may).map(([, deed]) => deed) : [];
  const summary: Deed = { id: "summary", icon: FileText, run: () => sheets.open({ kind: "summary" }) };
  return { deeds: [...deeds, summary], isBusy: acts.isBusy };
}
