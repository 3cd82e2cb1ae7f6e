/** Who is invited, and what became of it. */
import { Mail, MoreHorizontal, RotateCcw, X } from "lucide-react";
import { useState } from "react";
import { graphql, useFragment, usePaginationFragment } from "react-relay";
import { useTranslations } from "use-intl";
import type { Invitations_invitation$key } from "~/__generated__/Invitations_invitation.graphql";
import type { Invitations_list$key } from "~/__generated__/Invitations_list.graphql";
import type { InvitationsPageQuery } from "~/__generated__/InvitationsPageQuery.graphql";
import type { InvitationsResendMutation } from "~/__generated__/InvitationsResendMutation.graphql";
import type { InvitationsRevokeMutation } from "~/__generated__/InvitationsRevokeMutation.graphql";
import { useChange } from "~/changes";
import { Badge, type Tone, When } from "~/components/Badge";
import { Button, IconButton } from "~/components/Button";
import { ConfirmDialog } from "~/components/Dialog";
import { EmptyState } from "~/components/Feedback";
import { Menu, MenuItem } from "~/components/Menu";
import { Section } from "~/components/Page";
import { List, ListItem } from "~/components/Table";
import { tell, useTellProblem } from "~/components/Toast";
import { useRoleName } from "../roles/roleName";

const TONES: Record<"OPEN" | "ACCEPTED" | "REVOKED" | "EXPIRED", Tone> = {
  OPEN: "accent",
  ACCEPTED: "success",
  REVOKED: "neutral",
  EXPIRED: "warning",
};

export function Invitations({ query }: { readonly query: Invitations_list$key }) {
  const t = useTranslations("people.invitations");
  const act = useTranslations("app.act");
  const { data, hasNext, isLoadingNext, loadNext } = usePaginationFragment<InvitationsPageQuery, Invitations_list$key>(
    graphql`
      fragment Invitations_list on Query
      @refetchable(queryName: "InvitationsPageQuery")
      @argumentDefinitions(count: { type: "Int", defaultValue: 20 }, cursor: { type: "String" }) {
        invitations(first: $count, after: $cursor) @connection(key: "Invitations_invitations") {
          edges {
            node {
              id
              ...Invitations_invitation
            }
          }
        }
      }
    `,
    query,
  );
  const { edges } = data.invitations;
  return (
    <Section title={t("title")}>
      {edges.length === 0 ? (
        <EmptyState icon={Mail} title={t("empty")} hint={t("emptyHint")} />
      ) : (
        <List label={t("title")}>
          {edges.map(({ node }) => (
            <Row key={node.id} invitation={node} />
          ))}
        </List>
      )}
      {hasNext && (
        <Button look="quiet" isBusy={isLoadingNext} onPress={() => loadNext(20)}>
          {act("more")}
        </Button>
      )}
    </Section>
  );
}

function Row({ invitation: key }: { readonly invitation: Invitations_invitation$key }) {
  const t = useTranslations("people.invitations");
  const act = useTranslations("app.act");
  const nameOf = useRoleName();
  const tellProblem = useTellProblem();
  const [isAsking, setAsking] = useState(false);
  const [resend] = useResend();
  const [revoke, isBusy] = useRevoke();
  const invitation = useFragment(
    graphql`
      fragment Invitations_invitation on Invitation {
        id
        email
        name
        state
        expiresAt
        role {
          name
        }
        teams {
          name
        }
      }
    `,
    key,
  );
  const { id, email, name, state, role, teams } = invitation;
  const title = (
    <span className="flex items-center gap-2">
      <span className="truncate">{name}</span>
      <Badge tone={TONES[state]}>{t(`states.${state}`)}</Badge>
    </span>
  );
  const about = [email, role && nameOf(role.name), ...teams.map((team) => team.name)].filter(Boolean).join(" · ");
  const detail = (
    <>
      {about}
      {state === "OPEN" && (
        <>
          {" · "}
          {t("until")} <When at={invitation.expiresAt} withTime />
        </>
      )}
    </>
  );
  const send = (): void => {
    resend({ input: { invitationId: id } }).then(() => tell(t("sent", { email })), tellProblem);
  };
  const actions = (state === "OPEN" || state === "EXPIRED") && (
    <Menu trigger={<IconButton icon={MoreHorizontal} label={`${act("actions")}: ${email}`} />}>
      <MenuItem icon={RotateCcw} onAction={send}>
        {t("resend")}
      </MenuItem>
      <MenuItem icon={X} isDanger onAction={() => setAsking(true)}>
        {t("revoke")}
      </MenuItem>
    </Menu>
  );
  return (
    <>
      <ListItem title={title} detail={detail} actions={actions} />
      <ConfirmDialog
        title={t("revokeTitle", { email })}
        action={t("revoke")}
        isOpen={isAsking}
        isBusy={isBusy}
        onClose={() => setAsking(false)}
        onConfirm={() => revoke({ input: { invitationId: id } })}
      >
        {t("revokeHint")}
      </ConfirmDialog>
    </>
  );
}

function useResend() {
  return useChange<InvitationsResendMutation>(graphql`
    mutation InvitationsResendMutation($input: ResendInvitationInput!) {
      resendInvitation(input: $input) {
        ... on ResendInvitationSuccess {
          invitation {
            ...Invitations_invitation
          }
        }
        ... on Error {
          code
          message
        }
      }
    }
  `);
}

function useRevoke() {
  return useChange<InvitationsRevokeMutation>(graphql`
    mutation InvitationsRevokeMutation($input: RevokeInvitationInput!) {
      revokeInvitation(input: $input) {
        ... on RevokeInvitationSuccess {
          invitation {
            ...Invitations_invitation
          }
        }
        ... on Error {
          code
          message
        }
      }
    }
  `);
}
