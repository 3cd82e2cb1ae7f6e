/** One conversation that waits: who, about what, since when, what it needs, and who is asked or why nobody is. */
import { graphql, useFragment } from "react-relay";
import { useTranslations } from "use-intl";
import type { Entry_entry$data, Entry_entry$key } from "~/__generated__/Entry_entry.graphql";
import { Link } from "~/app/navigation";
import { Ago, Badge } from "~/components/Badge";
import { Button } from "~/components/Button";

interface EntryProps {
  readonly entry: Entry_entry$key;
  readonly onTake: () => void;
  readonly isBusy: boolean;
}

export function Entry({ entry: key, onTake, isBusy }: EntryProps) {
  const t = useTranslations("queue");
  const entry = useFragment(
    graphql`
      fragment Entry_entry on QueueEntry {
        position
        waitingSince
        estimatedSeconds
        forTeam
        language
        topic
        reasonsNobodyFits
        offer {
          until
          agent {
            id
            name
          }
        }
        conversation {
          id
          subject
          handoffReason
          handoffSummary
          customer {
            id
            name
          }
          triage {
            priority
          }
        }
      }
    `,
    key,
  );
  const { conversation, position } = entry;
  if (!conversation) return null;
  const { customer, handoffReason, handoffSummary, id, subject, triage } = conversation;
  return (
    <li className="flex flex-wrap items-start gap-x-4 gap-y-2 py-3.5">
      <span className="w-8 shrink-0 pt-0.5 text-end font-semibold text-ink-faint tabular-nums">
        {position >= 1_000 ? "999+" : position}
      </span>
      <div className="min-w-0 flex-1 basis-64">
        <p className="flex flex-wrap items-center gap-x-2 gap-y-1">
          <Link to={`/inbox/waiting/${encodeURIComponent(id)}`} className="truncate font-medium hover:underline">
            {subject || t("offer.noSubject")}
          </Link>
          {triage && triage.priority !== "NORMAL" && (
            <Badge tone={triage.priority === "LOW" ? "neutral" : "warning"}>{t(`priority.${triage.priority}`)}</Badge>
          )}
        </p>
        <p className="text-ink-muted">
          {customer?.name || t("offer.somebody")}
          {handoffReason && ` · ${t(`reason.${handoffReason}`)}`}
        </p>
        {handoffSummary && <p className="mt-1 line-clamp-2 text-ink-faint text-xs">{handoffSummary}</p>}
      </div>
      <div className="flex min-w-0 basis-60 flex-col gap-1">
        <Ago at={entry.waitingSince} />
        <Asked entry={entry} />
        <Needs entry={entry} />
      </div>
      <Button onPress={onTake} isDisabled={isBusy}>
        {t("take")}
      </Button>
    </li>
  );
}

/** Who is asked, or at which step nobody is left. */
function Asked({ entry: { estimatedSeconds, offer, reasonsNobodyFits } }: { readonly entry: Entry_entry$data }) {
  const t = useTranslations("queue");
  if (offer?.agent) return <p className="text-accent-ink text-xs">{t("asked", { name: offer.agent.name })}</p>;
  if (reasonsNobodyFits.length > 0)
    return (
      <ul className="text-warning text-xs">
        {reasonsNobodyFits.map((reason) => (
          <li key={reason}>{t(`hindrance.${reason}`)}</li>
        ))}
      </ul>
    );
  if (estimatedSeconds == null) return null;
  return (
    <p className="text-ink-faint text-xs">
      {t("estimate", { minutes: Math.max(1, Math.round(estimatedSeconds / 60)) })}
    </p>
  );
}

function Needs({ entry: { forTeam, language, topic } }: { readonly entry: Entry_entry$data }) {
  const t = useTranslations("queue");
  const tongue = language && new Intl.DisplayNames([document.documentElement.lang], { type: "language" }).of(language);
  return (
    <p className="flex flex-wrap gap-1 empty:hidden">
      {forTeam && <Badge>{t("forTeam")}</Badge>}
      {tongue && <Badge>{tongue}</Badge>}
      {topic && <Badge>{topic}</Badge>}
    </p>
  );
}
