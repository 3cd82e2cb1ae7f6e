/** Three columns side by side where there is room; one after the other where there is not. */
import { ArrowLeft, Info, PanelRightClose, PanelRightOpen } from "lucide-react";
import { type ReactNode, useLayoutEffect, useRef, useState } from "react";
import { useTranslations } from "use-intl";
import { useCommands } from "~/app/commands";
import { useNavigate } from "~/app/navigation";
import { Button, IconButton } from "~/components/Button";
import { cx } from "~/components/style";
import { Divider, useKept } from "./Divider";

/** From these widths on, in pixels, two columns and three have room. */
const TWO = 640;
const THREE = 1_080;

interface ColumnsProps {
  readonly list: ReactNode;
  readonly thread: ReactNode;
  /** Nothing while no conversation is open. */
  readonly panel: ReactNode;
  /** Where the list is without a conversation. */
  readonly back: string;
}

export function Columns({ list, thread, panel, back }: ColumnsProps) {
  const t = useTranslations("inbox.columns");
  const frame = useRef<HTMLDivElement>(null);
  const width = useWidth(frame);
  const [listWidth, setListWidth] = useKept("parley.inbox.list", 352);
  const [panelWidth, setPanelWidth] = useKept("parley.inbox.panel", 320);
  const [isWanted, setWanted] = useKept("parley.inbox.details", 1);
  const [isOver, setOver] = useState(false);
  const navigate = useNavigate();
  const isThree = width >= THREE;
  const isOpen = isThree ? isWanted === 1 : isOver;
  const toggle = (): void => (isThree ? setWanted(isOpen ? 0 : 1) : setOver(!isOpen));
  const close = (): void => navigate(back);
  useCommands([
    ...(panel ? [{ id: "inbox.panel", title: t("toggle"), group: t("group"), keys: "p", run: toggle }] : []),
    ...(panel ? [{ id: "inbox.back", title: t("back"), group: t("group"), keys: "u", run: close }] : []),
  ]);
  const isOne = width < TWO;
  return (
    <div ref={frame} className="relative flex h-full min-w-0 overflow-hidden">
      {(!isOne || !panel) && (
        <div className="flex min-w-0 shrink-0 flex-col bg-surface" style={{ width: isOne ? "100%" : listWidth }}>
          {list}
        </div>
      )}
      {!isOne && <Divider label={t("listWidth")} width={listWidth} least={280} most={520} onChange={setListWidth} />}
      {(!isOne || (panel && !isOver)) && (
        <div className="flex min-w-0 flex-1 flex-col">
          {isOne && (
            <Steps onBack={close}>
              <Button look="quiet" icon={Info} onPress={() => setOver(true)}>
                {t("details")}
              </Button>
            </Steps>
          )}
          <div className="min-h-0 flex-1">{thread}</div>
        </div>
      )}
      {panel && isOne && isOver && (
        <div className="flex w-full flex-col bg-surface">
          <Steps onBack={() => setOver(false)} />
          <div className="min-h-0 flex-1">{panel}</div>
        </div>
      )}
      {panel && !isOne && (
        <>
          {isOpen && isThree && (
            <Divider
              label={t("panelWidth")}
              width={panelWidth}
              least={260}
              most={480}
              onChange={setPanelWidth}
              isAtStart
            />
          )}
          <aside
            aria-label={t("details")}
            className={cx(
              "flex shrink-0 flex-col border-line bg-surface",
              isOpen && !isThree && "absolute inset-y-0 end-0 z-10 shadow-popup",
              !isOpen && "border-s",
            )}
            style={isOpen ? { width: panelWidth } : undefined}
          >
            <div className={cx("flex shrink-0 items-center p-1.5", isOpen && "h-11 border-line border-b ps-4")}>
              {isOpen && <h2 className="flex-1 font-semibold">{t("details")}</h2>}
              <IconButton
                icon={isOpen ? PanelRightClose : PanelRightOpen}
                label={t(isOpen ? "hide" : "show")}
                onPress={toggle}
              />
            </div>
            {isOpen && <div className="min-h-0 flex-1">{panel}</div>}
          </aside>
        </>
      )}
    </div>
  );
}

function Steps({ onBack, children }: { readonly onBack: () => void; readonly children?: ReactNode }) {
  const t = useTranslations("app.act");
  const nav = useTranslations("app.nav");
  return (
    <div className="flex shrink-0 items-center justify-between border-line border-b bg-surface px-1 py-1">
      <h1 className="sr-only">{nav("inbox")}</h1>
      <Button look="quiet" icon={ArrowLeft} onPress={onBack}>
        {t("back")}
      </Button>
      {children}
    </div>
  );
}

/** How wide an element is, as it changes. */
function useWidth(element: React.RefObject<HTMLElement | null>): number {
  const [width, setWidth] = useState(() => innerWidth);
  useLayoutEffect(() => {
    const { current } = element;
    if (!current) return;
    const look = (): void => setWidth(current.clientWidth);
    look();
    const sizes = new ResizeObserver(look);
    sizes.observe(current);
    return () => sizes.disconnect();
  }, [element]);
  return width;
}
