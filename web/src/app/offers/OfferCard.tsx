/** One conversation that the person is asked to take, and until when. */
import { graphql, useFragment } from "react-relay";
import { useNow, useTranslations } from "use-intl";
import type { OfferCard_offer$key } from "~/__generated__/OfferCard_offer.graphql";
import type { OfferCardAcceptMutation } from "~/__generated__/OfferCardAcceptMutation.graphql";
import type { OfferCardDeclineMutation } from "~/__generated__/OfferCardDeclineMutation.graphql";
import { useNavigate } from "~/app/navigation";
import { useChange } from "~/changes";
import { Avatar } from "~/components/Badge";
import { Button } from "~/components/Button";
import { useTellProblem } from "~/components/Toast";

const OFFER = graphql`
  fragment OfferCard_offer on Offer {
    until
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
`;

export default function OfferCard({ offer: key }: { readonly offer: OfferCard_offer$key }) {
  const t = useTranslations("queue.offer");
  const reason = useTranslations("queue.reason");
  const { conversation, until } = useFragment(OFFER, key);
  const [answer, isBusy] = useAnswer(conversation?.id);
  if (!conversation) return null;
  const name = conversation.customer?.name || t("somebody");
  return (
    <article className="animate-appear rounded-xl bg-raised p-4 shadow-popup">
      <div className="flex items-center gap-2">
        <h2 className="flex-1 font-semibold text-sm">{t("title")}</h2>
        <Countdown until={until} />
      </div>
      <div className="mt-3 flex items-start gap-3">
        <Avatar name={name} size={32} />
        <div className="min-w-0 flex-1">
          <p className="truncate font-medium">{name}</p>
          <p className="line-clamp-2 text-ink-muted">{conversation.subject || t("noSubject")}</p>
          {conversation.handoffReason && (
            <p className="mt-1 text-ink-faint text-xs">{reason(conversation.handoffReason)}</p>
          )}
        </div>
      </div>
      {conversation.handoffSummary && (
        <p className="mt-2 line-clamp-4 max-md:hidden whitespace-pre-line rounded-md bg-sunken p-2 text-xs">
          {conversation.handoffSummary}
        </p>
      )}
      <div className="mt-3 flex justify-end gap-2">
        <Button onPress={() => answer(false)} isDisabled={isBusy}>
          {t("decline")}
        </Button>
        <Button look="primary" onPress={() => answer(true)} isBusy={isBusy}>
          {t("accept")}
        </Button>
      </div>
    </article>
  );
}

/** The seconds that are left; read out once, with the card. */
function Countdown({ until }: { readonly until: string }) {
  const t = useTranslations("queue.offer");
  const now = useNow({ updateInterval: 1_000 });
  const seconds = Math.max(0, Math.round((Date.parse(until) - now.getTime()) / 1_000));
  return (
    <span role="timer" aria-live="off" className="text-warning text-xs tabular-nums">
      {t("left", { count: seconds })}
    </span>
  );
}

/** Accept, and go there; or decline. */
function useAnswer(id: string | undefined): [answer: (isAccepted: boolean) => void, isBusy: boolean] {
  const navigate = useNavigate();
  const tellProblem = useTellProblem();
  const [accept, isAccepting] = useChange<OfferCardAcceptMutation>(graphql`
    mutation OfferCardAcceptMutation($input: AcceptOfferInput!) {
      acceptOffer(input: $input) {
        ... on AcceptOfferSuccess {
          conversation {
            id
            state
            assignee {
              id
              name
            }
          }
        }
        ... on Error {
          code
          message
        }
      }
    }
  `);
  const [decline, isDeclining] = useChange<OfferCardDeclineMutation>(graphql`
    mutation OfferCardDeclineMutation($input: DeclineOfferInput!) {
      declineOffer(input: $input) {
        __typename
        ... on Error {
          code
          message
        }
      }
    }
  `);
  const answer = (isAccepted: boolean): void => {
    if (!id) return;
    const variables = { input: { conversationId: id } };
    const done = isAccepted
      ? accept(variables).then(() => navigate(`/inbox/mine/${encodeURIComponent(id)}`))
      : decline(variables);
    done.catch(tellProblem);
  };
  return [answer, isAccepting || isDeclining];
}
