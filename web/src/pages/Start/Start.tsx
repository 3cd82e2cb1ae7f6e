/** The first five steps of a new organization, each done from where it stands, and ticked by what is really there. */
import { BookOpen, Bot, CalendarClock, Code2, PartyPopper, UserPlus } from "lucide-react";
import { type ReactNode, startTransition, useState } from "react";
import { graphql, useLazyLoadQuery } from "react-relay";
import { useTranslations } from "use-intl";
import type { StartQuery } from "~/__generated__/StartQuery.graphql";
import { useNavigate } from "~/app/navigation";
import { useViewer } from "~/app/viewer";
import { Button, ButtonLink } from "~/components/Button";
import { EmptyState } from "~/components/Feedback";
import { Page, Section } from "~/components/Page";
import { HoursForm } from "~/pages/Settings/people/hours/Hours";
import { dismiss } from "./beginning";
import { Step } from "./Step";
import { Assistant } from "./steps/Assistant";
import { Knowledge } from "./steps/Knowledge";
import { People } from "./steps/People";
import { Widget } from "./steps/Widget";

type Name = "knowledge" | "assistant" | "widget" | "people" | "hours";

const ICONS = { knowledge: BookOpen, assistant: Bot, widget: Code2, people: UserPlus, hours: CalendarClock };
const NAMES: readonly Name[] = ["knowledge", "assistant", "widget", "people", "hours"];

export default function Start() {
  const t = useTranslations("start");
  const navigate = useNavigate();
  const organization = useViewer().organization?.id ?? "";
  const { steps, ticks } = useSteps();
  const [open, setOpen] = useState<Name | null>(() => NAMES.find((name) => !ticks[name]) ?? null);
  const done = NAMES.filter((name) => ticks[name]).length;
  const leave = (): void => {
    dismiss(organization);
    navigate("/inbox");
  };
  const away = (
    <Button look="quiet" onPress={leave}>
      {t("dismiss")}
    </Button>
  );
  return (
    <Page title={t("title")} about={t("about")} actions={away}>
      <p role="status" className="text-ink-muted">
        {t("progress", { done: `${done}`, all: `${NAMES.length}` })}
      </p>
      {done === NAMES.length && <Finished />}
      <div className="divide-y divide-line rounded-xl border border-line bg-surface">
        {NAMES.map((name) => (
          <Step
            key={name}
            icon={ICONS[name]}
            title={t(`${name}.title`)}
            hint={t(`${name}.hint`)}
            isDone={ticks[name]}
            isOpen={open === name}
            onToggle={(isOpen) => setOpen(isOpen ? name : null)}
          >
            {steps[name]}
          </Step>
        ))}
      </div>
      <p className="text-ink-faint text-xs">{t("dismissHint")}</p>
    </Page>
  );
}

function Finished() {
  const t = useTranslations("start");
  return (
    <Section>
      <EmptyState icon={PartyPopper} title={t("finished")} hint={t("finishedHint")}>
        <ButtonLink to="/inbox" look="primary">
          {t("toInbox")}
        </ButtonLink>
      </EmptyState>
    </Section>
  );
}

interface Steps {
  readonly steps: Readonly<Record<Name, ReactNode>>;
  /** Whether each is done: by what is there, and not by what was clicked. */
  readonly ticks: Readonly<Record<Name, boolean>>;
}

function useSteps(): Steps {
  const [seen, setSeen] = useState(0);
  const data = useLazyLoadQuery<StartQuery>(
    graphql`
      query StartQuery {
        organization {
          id
          settings {
            allowedOrigins
            visitors
            businessHours {
              zone
            }
            ...Widget_settings
            ...Hours_settings
          }
        }
        articles(first: 10, state: PUBLISHED) {
          nodes {
            id
          }
          pageInfo {
            hasNextPage
          }
        }
        conversations(first: 1) {
          nodes {
            id
          }
        }
        agents(first: 10) {
          nodes {
            id
          }
          pageInfo {
            hasNextPage
          }
        }
        inboxes {
          id
          name
          channel
        }
        ...Knowledge_sources
        ...People_start
      }
    `,
    {},
    { fetchPolicy: "store-and-network", fetchKey: seen },
  );
  const look = (): void => startTransition(() => setSeen((times) => times + 1));
  const { organization, articles, agents, conversations } = data;
  const inboxes = data.inboxes.filter((inbox) => inbox.channel === "CHAT");
  const { settings } = organization;
  return {
    steps: {
      knowledge: (
        <Knowledge query={data} count={articles.pageInfo.hasNextPage ? null : articles.nodes.length} onAdded={look} />
      ),
      assistant: <Assistant inbox={inboxes[0]?.id} mayVisit={settings?.visitors ?? true} />,
      widget: settings && <Widget settings={settings} inboxes={inboxes} />,
      people: <People query={data} count={agents.pageInfo.hasNextPage ? null : agents.nodes.length} />,
      hours: settings && (
        <div className="flex flex-col gap-4">
          <HoursForm settings={settings} isProposing />
        </div>
      ),
    },
    ticks: {
      knowledge: articles.nodes.length > 0,
      assistant: conversations.nodes.length > 0,
      widget: (settings?.allowedOrigins.length ?? 0) > 0,
      people: agents.nodes.length > 1,
      hours: settings?.businessHours != null,
    },
  };
}
