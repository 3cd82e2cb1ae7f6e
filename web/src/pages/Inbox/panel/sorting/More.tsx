/** What else can be done with the conversation: spam, merging, linking, giving it back. */
import { Ellipsis, GitMerge, Link2, ShieldAlert, ShieldCheck, Undo2 } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { graphql, useFragment } from "react-relay";
import { useTranslations } from "use-intl";
import type { More_conversation$data, More_conversation$key } from "~/__generated__/More_conversation.graphql";
import type { MoreReturnMutation } from "~/__generated__/MoreReturnMutation.graphql";
import type { MoreSpamMutation } from "~/__generated__/MoreSpamMutation.graphql";
import type { MoreUnspamMutation } from "~/__generated__/MoreUnspamMutation.graphql";
import { useMay, useViewer } from "~/app/viewer";
import { useChange } from "~/changes";
import { IconButton } from "~/components/Button";
import { Menu, MenuItem } from "~/components/Menu";
import { tell, useTellProblem } from "~/components/Toast";

const Other = lazy(() => import("./Other"));

export function More({ conversation: key }: { readonly conversation: More_conversation$key }) {
  const t = useTranslations("panel.more");
  const mayReply = useMay("REPLY_TO_CONVERSATIONS");
  const { agent } = useViewer();
  const [finding, setFinding] = useState<"merge" | "link" | null>(null);
  const conversation = useFragment(
    graphql`
      fragment More_conversation on Conversation {
        id
        state
        subject
        assignee {
          id
        }
        triage {
          isSpam
        }
        mergedInto {
          id
        }
        customer {
          id
        }
      }
    `,
    key,
  );
  const { markSpam, unmarkSpam, giveBack, isBusy } = useDeeds(conversation);
  if (!mayReply || !conversation.triage) return null;
  const isMine = conversation.state === "WITH_PERSON" && conversation.assignee?.id === agent?.id;
  return (
    <>
      <Menu label={t("title")} trigger={<IconButton icon={Ellipsis} label={t("title")} isBusy={isBusy} />}>
        {isMine && (
          <MenuItem icon={Undo2} onAction={giveBack}>
            {t("return")}
          </MenuItem>
        )}
        <MenuItem icon={Link2} onAction={() => setFinding("link")}>
          {t("link")}
        </MenuItem>
        {!conversation.mergedInto && conversation.customer && (
          <MenuItem icon={GitMerge} onAction={() => setFinding("merge")}>
            {t("merge")}
          </MenuItem>
        )}
        {conversation.triage.isSpam ? (
          <MenuItem icon={ShieldCheck} onAction={unmarkSpam}>
            {t("notSpam")}
          </MenuItem>
        ) : (
          <MenuItem icon={ShieldAlert} isDanger onAction={markSpam}>
            {t("spam")}
          </MenuItem>
        )}
      </Menu>
      {finding && (
        <Suspense fallback={null}>
          <Other
            deed={finding}
            id={conversation.id}
            subject={conversation.subject}
            customerId={conversation.customer?.id}
            onClose={() => setFinding(null)}
          />
        </Suspense>
      )}
    </>
  );
}

function useDeeds({ id }: More_conversation$data) {
  const t = useTranslations("panel.more");
  const tellProblem = useTellProblem();
  const [spam, isMarking] = useChange<MoreSpamMutation>(graphql`
    mutation MoreSpamMutation($input: MarkConversationAsSpamInput!) {
      markConversationAsSpam(input: $input) {
        ... on MarkConversationAsSpamSuccess {
          conversation {
            id
            state
            ...More_conversation
          }
        }
        ... on Error {
          code
          message
        }
      }
    }
  `);
  const [unspam, isUnmarking] = useChange<MoreUnspamMutation>(graphql`
    mutation MoreUnspamMutation($input: UnmarkConversationAsSpamInput!) {
      unmarkConversationAsSpam(input: $input) {
        ... on UnmarkConversationAsSpamSuccess {
          conversation {
            id
            state
            ...More_conversation
          }
        }
        ... on Error {
          code
          message
        }
      }
    }
  `);
  const [back, isReturning] = useChange<MoreReturnMutation>(graphql`
    mutation MoreReturnMutation($input: ReturnConversationInput!) {
      returnConversation(input: $input) {
        ... on ReturnConversationSuccess {
          conversation {
            id
            waitingSince
            ...Assigning_conversation
            ...More_conversation
          }
        }
        ... on Error {
          code
          message
        }
      }
    }
  `);
  const input = { input: { conversationId: id } };
  const unmarkSpam = (): void => void unspam(input).catch(tellProblem);
  return {
    markSpam: () =>
      void spam(input).then(() => tell(t("spamDone"), { label: t("undo"), run: unmarkSpam }), tellProblem),
    unmarkSpam,
    giveBack: () => void back(input).catch(tellProblem),
    isBusy: isMarking || isUnmarking || isReturning,
  };
}
