/** What a quiet line says. */
import { useFormatter, useTranslations } from "use-intl";
import type { Happening } from "../live/happening";

export function useHappeningWords(happening: Happening): string {
  const t = useTranslations("conversation.lines");
  const format = useFormatter();
  const name = happening.agent?.name ?? t("somebody");
  switch (happening.__typename) {
    case "HandoffRequested":
      return t("handedOver", { reason: happening.reason ? t(`reasons.${happening.reason}`) : "" });
    case "ConversationTakenOver":
      return t("takenOver", { name });
    case "ConversationResolved":
      return t("resolved");
    case "ConversationReopened":
      return t("reopened");
    case "ConversationAssigned":
      return happening.justification
        ? t("assignedWhy", { name, why: happening.justification })
        : t("assigned", { name });
    case "ConversationReturned":
      return t(`returned.${happening.cause ?? "GIVEN_BACK"}`, { name });
    case "OfferEnded":
      return t(`offerEnded.${happening.end === "DECLINED" ? "DECLINED" : "LAPSED"}`, { name });
    case "CustomerIdentified":
      return t("identified");
    case "MessageUndelivered":
      return t("undelivered", { address: happening.address ?? "", why: happening.explanation ?? "" });
    case "AutomaticReplyReceived":
      return t("automaticReply", { sender: happening.sender ?? "" });
    case "SurveyAnswered":
      return happening.comment
        ? t("ratedWith", { score: `${happening.score}`, comment: happening.comment })
        : t("rated", { score: `${happening.score}` });
    case "ServiceLevelWarned":
      return t("warned", {
        target: t(`targets.${happening.target ?? "RESOLUTION"}`),
        due: happening.dueAt ? format.dateTime(new Date(happening.dueAt), { timeStyle: "short" }) : "",
      });
    case "ServiceLevelBreached":
      return t("breached", { target: t(`targets.${happening.target ?? "RESOLUTION"}`) });
    case "RuleApplied":
      return t(`rule.${happening.run?.outcome ?? "APPLIED"}`, { name: happening.run?.rule?.name ?? t("deletedRule") });
    case "EmailLeft":
      return t("emailLeft", { email: happening.email ?? "" });
    case "PriorityChanged":
      return t("priority", { priority: t(`priorities.${happening.priority ?? "NORMAL"}`) });
    case "TagsChanged": {
      const tags = happening.tags?.flatMap((tag) => (tag ? [tag.name] : [])) ?? [];
      return tags.length > 0 ? t("tags", { tags: format.list(tags) }) : t("noTags");
    }
    case "AttributesChanged":
      return t("attributes");
    case "SubjectChanged":
      return t("renamed", { subject: happening.subject ?? "" });
    case "ConversationSnoozed":
      return happening.snoozedUntil
        ? t("snoozedUntil", {
            until: format.dateTime(new Date(happening.snoozedUntil), { dateStyle: "medium", timeStyle: "short" }),
          })
        : t("snoozed");
    case "ConversationWoken":
      return t("woken");
    case "SpamMarked":
      return t(happening.isSpam ? "spam" : "noSpam");
    case "ConversationMerged":
      return t("merged", { subject: happening.into?.subject ?? "" });
    case "ConversationLinked":
      return t(happening.isLinked ? "linked" : "unlinked", { subject: happening.other?.subject ?? "" });
    case "AnswerStopped":
      return t("answerStopped");
    case "ConversationErased":
      return t("erased");
    default:
      return t("something");
  }
}
