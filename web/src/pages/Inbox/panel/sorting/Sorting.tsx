/** How people sorted the conversation: who has it, how soon, by which tags, and whether it is out of sight. */
import { graphql, useFragment } from "react-relay";
import { useTranslations } from "use-intl";
import type { Sorting_conversation$key } from "~/__generated__/Sorting_conversation.graphql";
import { Notice } from "~/components/Feedback";
import { Fact, Facts, Part } from "../Part";
import { Assigning } from "./giving/Assigning";
import { More } from "./More";
import { Prioritizing } from "./Prioritizing";
import { Snoozing } from "./snoozing/Snoozing";
import { Tagging } from "./Tagging";

export function Sorting({ conversation: key }: { readonly conversation: Sorting_conversation$key }) {
  const t = useTranslations("panel");
  const conversation = useFragment(
    graphql`
      fragment Sorting_conversation on Conversation {
        state
        triage {
          isSpam
        }
        mergedInto {
          id
        }
        viewers {
          isTyping
          agent {
            id
            name
          }
        }
        ...Assigning_conversation
        ...Prioritizing_conversation
        ...Tagging_conversation
        ...Snoozing_conversation
        ...More_conversation
      }
    `,
    key,
  );
  const names = conversation.viewers.flatMap(({ agent }) => agent?.name ?? []);
  return (
    <Part id="sorting" title={t("title")} actions={<More conversation={conversation} />}>
      {conversation.triage?.isSpam && <Notice tone="warning">{t("isSpam")}</Notice>}
      {conversation.mergedInto && <Notice>{t("isMerged")}</Notice>}
      <Facts>
        <Fact name={t("state.title")}>{t(`state.${conversation.state}`)}</Fact>
        <Fact name={t("assignee.title")}>
          <Assigning conversation={conversation} />
        </Fact>
        <Fact name={t("priority.title")}>
          <Prioritizing conversation={conversation} />
        </Fact>
        <Fact name={t("tags.title")}>
          <Tagging conversation={conversation} />
        </Fact>
        <Fact name={t("snooze.name")}>
          <Snoozing conversation={conversation} />
        </Fact>
        {names.length > 0 && <Fact name={t("viewers")}>{names.join(", ")}</Fact>}
      </Facts>
    </Part>
  );
}
