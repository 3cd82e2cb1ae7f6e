/** Inviting the first colleagues. */
import { UserPlus } from "lucide-react";
import { useState } from "react";
import { graphql, useFragment } from "react-relay";
import { useTranslations } from "use-intl";
import type { People_start$key } from "~/__generated__/People_start.graphql";
import { Button, ButtonLink } from "~/components/Button";
import { InviteDialog } from "~/pages/Settings/people/members/InviteDialog";

interface PeopleProps {
  readonly query: People_start$key;
  /** How many work here; null for many. */
  readonly count: number | null;
}

export function People({ query, count }: PeopleProps) {
  const t = useTranslations("start.people");
  const [isInviting, setInviting] = useState(false);
  const { roles, teams } = useFragment(
    graphql`
      fragment People_start on Query {
        roles {
          id
          name
        }
        teams {
          id
          name
        }
      }
    `,
    query,
  );
  return (
    <div className="flex flex-col gap-4">
      <p className="text-ink-muted">{count === null ? t("many") : t("there", { count })}</p>
      <div className="flex flex-wrap gap-2">
        <Button look="primary" icon={UserPlus} onPress={() => setInviting(true)}>
          {t("invite")}
        </Button>
        <ButtonLink to="/settings/members">{t("manage")}</ButtonLink>
      </div>
      {isInviting && <InviteDialog roles={roles} teams={teams} onClose={() => setInviting(false)} />}
    </div>
  );
}
