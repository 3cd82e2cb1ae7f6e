/** A conversation that something is about, one click away. */
import { graphql, useFragment } from "react-relay";
import { useTranslations } from "use-intl";
import type { ConversationLink_conversation$key } from "~/__generated__/ConversationLink_conversation.graphql";
import { Link } from "~/app/navigation";

export function ConversationLink({
  conversation,
}: {
  readonly conversation: ConversationLink_conversation$key | null;
}) {
  const t = useTranslations("desk.conversation");
  const found = useFragment(
    graphql`
      fragment ConversationLink_conversation on Conversation {
        id
        subject
      }
    `,
    conversation,
  );
  if (!found) return <span className="text-ink-faint">{t("gone")}</span>;
  return (
    <Link to={`/inbox/open/${encodeURIComponent(found.id)}`} className="min-w-0 truncate font-medium hover:underline">
      {found.subject || t("noSubject")}
    </Link>
  );
}
