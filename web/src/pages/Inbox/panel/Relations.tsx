/** The conversations around this one: where it goes on, what came into it, what belongs with it, what was before. */
import { ArrowRight, Unlink } from "lucide-react";
import { graphql, useFragment } from "react-relay";
import { useTranslations } from "use-intl";
import type { Relations_conversation$key } from "~/__generated__/Relations_conversation.graphql";
import type { Relations_other$key } from "~/__generated__/Relations_other.graphql";
import type { RelationsUnlinkMutation } from "~/__generated__/RelationsUnlinkMutation.graphql";
import { Link } from "~/app/navigation";
import { useMay } from "~/app/viewer";
import { useChange } from "~/changes";
import { Ago } from "~/components/Badge";
import { IconButton } from "~/components/Button";
import { useTellProblem } from "~/components/Toast";
import { placeOf, usePlace } from "../place";
import { FIRST_VIEW } from "../views/system";
import { Part } from "./Part";

export function Relations({ conversation: key }: { readonly conversation: Relations_conversation$key }) {
  const t = useTranslations("panel.relations");
  const { id, mergedInto, merged, linked, earlier } = useFragment(
    graphql`
      fragment Relations_conversation on Conversation {
        id
        mergedInto {
          id
          ...Relations_other
        }
        merged {
          id
          ...Relations_other
        }
        linked {
          id
          ...Relations_other
        }
        earlier(first: 5) {
          nodes {
            id
            ...Relations_other
          }
        }
      }
    `,
    key,
  );
  const groups = [
    { name: t("mergedInto"), others: mergedInto ? [mergedInto] : [] },
    { name: t("merged"), others: merged },
    { name: t("linked"), others: linked, from: id },
    { name: t("earlier"), others: earlier.nodes },
  ].filter((group) => group.others.length > 0);
  if (groups.length === 0) return null;
  return (
    <Part id="relations" title={t("title")}>
      {groups.map(({ name, others, from }) => (
        <div key={name}>
          <h3 className="font-medium text-ink-faint text-xs">{name}</h3>
          <ul className="-mx-2">
            {others.map((other) => (
              <Other key={other.id} conversation={other} linkedFrom={from} />
            ))}
          </ul>
        </div>
      ))}
    </Part>
  );
}

interface OtherProps {
  readonly conversation: Relations_other$key;
  /** The one it is linked with, where it is. */
  readonly linkedFrom: string | undefined;
}

function Other({ conversation: key, linkedFrom }: OtherProps) {
  const t = useTranslations("panel");
  const { view = FIRST_VIEW } = usePlace();
  const { id, subject, state, lastActivityAt } = useFragment(
    graphql`
      fragment Relations_other on Conversation {
        id
        subject
        state
        lastActivityAt
      }
    `,
    key,
  );
  return (
    <li className="flex items-center gap-1">
      <Link
        to={placeOf(view, id)}
        className="flex min-h-8 min-w-0 flex-1 items-start gap-2 rounded-md px-2 py-1 hover:bg-hover"
      >
        <ArrowRight size={14} aria-hidden className="mt-0.5 shrink-0 text-ink-faint rtl:rotate-180" />
        <span className="flex min-w-0 flex-1 flex-col">
          <span className="truncate">{subject || t("other.noSubject")}</span>
          <span className="text-ink-faint text-xs">
            {t(`state.${state}`)} · <Ago at={lastActivityAt} />
          </span>
        </span>
      </Link>
      {linkedFrom && <Unlinking id={linkedFrom} otherId={id} />}
    </li>
  );
}

function Unlinking({ id, otherId }: { readonly id: string; readonly otherId: string }) {
  const t = useTranslations("panel.relations");
  const tell = useTellProblem();
  const mayReply = useMay("REPLY_TO_CONVERSATIONS");
  const [unlink, isBusy] = useChange<RelationsUnlinkMutation>(graphql`
    mutation RelationsUnlinkMutation($input: UnlinkConversationsInput!) {
      unlinkConversations(input: $input) {
        ... on UnlinkConversationsSuccess {
          conversation {
            id
            ...Relations_conversation
          }
        }
        ... on Error {
          code
          message
        }
      }
    }
  `);
  if (!mayReply) return null;
  return (
    <IconButton
      icon={Unlink}
      label={t("unlink")}
      isBusy={isBusy}
      onPress={() => void unlink({ input: { conversationId: id, otherId } }).catch(tell)}
    />
  );
}
