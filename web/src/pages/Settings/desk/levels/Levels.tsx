/** Service levels: how soon customers hear from people, by priority; the first policy that fits counts. */
import { Pencil, Plus, Timer, Trash2 } from "lucide-react";
import { useState } from "react";
import { graphql, readInlineData, useLazyLoadQuery } from "react-relay";
import type { RecordSourceSelectorProxy } from "relay-runtime";
import { useTranslations } from "use-intl";
import type { Levels_policy$data, Levels_policy$key } from "~/__generated__/Levels_policy.graphql";
import type { LevelsDeleteMutation } from "~/__generated__/LevelsDeleteMutation.graphql";
import type { LevelsMutation } from "~/__generated__/LevelsMutation.graphql";
import type { LevelsQuery } from "~/__generated__/LevelsQuery.graphql";
import { present, useChange } from "~/changes";
import { Button, IconButton } from "~/components/Button";
import { Switch } from "~/components/Choice";
import { ConfirmDialog } from "~/components/Dialog";
import { EmptyState } from "~/components/Feedback";
import { Page, Section } from "~/components/Page";
import { useTellProblem } from "~/components/Toast";
import { useInboxChoices, useTagChoices } from "../parts/choices";
import { Order } from "../parts/Order";
import { last, replaced } from "../parts/place";
import { LevelDialog } from "./LevelDialog";

const POLICY = graphql`
  fragment Levels_policy on ServiceLevelPolicy @inline {
    id
    name
    place
    enabled
    pauses
    warnAt
    createdAt
    targets {
      priority
      firstResponse
      nextResponse
      resolution
    }
    inboxes {
      id
      name
    }
    tags {
      id
      name
    }
  }
`;

type Policy = Levels_policy$data;

export default function Levels() {
  const t = useTranslations("desk.levels");
  const [editing, setEditing] = useState<"new" | Policy | null>(null);
  const query = useLazyLoadQuery<LevelsQuery>(
    graphql`
      query LevelsQuery {
        serviceLevelPolicies {
          ...Levels_policy
        }
        ...choices_tags
        ...choices_inboxes
      }
    `,
    {},
    { fetchPolicy: "store-and-network" },
  );
  const change = usePolicyChange();
  const policies = present(query.serviceLevelPolicies)
    .map((key) => readInlineData<Levels_policy$key>(POLICY, key))
    .sort((one, other) => one.place - other.place || one.createdAt.localeCompare(other.createdAt));
  const tags = useTagChoices(query);
  const inboxes = useInboxChoices(query);
  const placeOf = (key: string): number => policies.find(({ id }) => id === key)?.place ?? -1;
  const move = (keys: readonly string[]): void => {
    for (const { key, place } of replaced(keys, placeOf)) change(key, { place });
  };
  const create = (
    <Button look="primary" icon={Plus} onPress={() => setEditing("new")}>
      {t("create")}
    </Button>
  );
  return (
    <Page title={t("title")} about={t("about")} actions={create}>
      <Section>
        {policies.length === 0 ? (
          <EmptyState icon={Timer} title={t("empty")} hint={t("emptyHint")} />
        ) : (
          <Order label={t("title")} items={policies} keyOf={({ id }) => id} nameOf={({ name }) => name} onMove={move}>
            {(policy) => (
              <Row
                policy={policy}
                onEdit={() => setEditing(policy)}
                onSwitch={(enabled) => change(policy.id, { enabled })}
              />
            )}
          </Order>
        )}
      </Section>
      {editing && (
        <LevelDialog
          policy={editing === "new" ? null : editing}
          place={last(policies.map(({ place }) => place))}
          {...{ tags, inboxes }}
          onClose={() => setEditing(null)}
        />
      )}
    </Page>
  );
}

/** Change a policy's place, or whether it counts: seen at once, and taken back if it is refused. */
function usePolicyChange(): (id: string, part: { place?: number; enabled?: boolean }) => void {
  const tellProblem = useTellProblem();
  const [change] = useChange<LevelsMutation>(graphql`
    mutation LevelsMutation($input: ChangeServiceLevelPolicyInput!) {
      changeServiceLevelPolicy(input: $input) {
        ... on ChangeServiceLevelPolicySuccess {
          policy {
            id
            place
            enabled
          }
        }
        ... on Error {
          code
          message
        }
      }
    }
  `);
  return (id, part) => {
    const options = {
      optimisticUpdater: (store: RecordSourceSelectorProxy): void => {
        for (const [name, value] of Object.entries(part)) store.get(id)?.setValue(value, name);
      },
    };
    change({ input: { policyId: id, ...part } }, options).catch(tellProblem);
  };
}

interface RowProps {
  readonly policy: Policy;
  readonly onEdit: () => void;
  readonly onSwitch: (enabled: boolean) => void;
}

function Row({ policy, onEdit, onSwitch }: RowProps) {
  const t = useTranslations("desk.levels");
  const act = useTranslations("app.act");
  const priorities = useTranslations("desk.priority");
  const [isAsking, setAsking] = useState(false);
  const places = [...policy.inboxes, ...policy.tags].flatMap((one) => (one ? [one.name] : []));
  const promised = policy.targets.map(({ priority, firstResponse, nextResponse, resolution }) =>
    t("promise", {
      priority: priorities(priority),
      first: String(firstResponse ?? "–"),
      next: String(nextResponse ?? "–"),
      resolution: String(resolution ?? "–"),
    }),
  );
  return (
    <>
      <div className="min-w-0 flex-1">
        <div className="truncate font-medium">{policy.name}</div>
        <p className="text-ink-muted text-xs">
          {places.length > 0 ? t("for", { places: places.join(", ") }) : t("forAll")}
        </p>
        <p className="text-ink-faint text-xs">{promised.join(" · ")}</p>
      </div>
      <Switch isSelected={policy.enabled} onChange={onSwitch} aria-label={t("enabledName", { name: policy.name })}>
        <span className="text-ink-muted text-xs max-sm:hidden">{t(policy.enabled ? "on" : "off")}</span>
      </Switch>
      <IconButton icon={Pencil} label={act("edit")} onPress={onEdit} />
      <IconButton icon={Trash2} label={act("delete")} onPress={() => setAsking(true)} />
      {isAsking && <Removal policy={policy} onClose={() => setAsking(false)} />}
    </>
  );
}

function Removal({ policy, onClose }: { readonly policy: Policy; readonly onClose: () => void }) {
  const t = useTranslations("desk.levels");
  const act = useTranslations("app.act");
  const [remove, isBusy] = useChange<LevelsDeleteMutation>(graphql`
    mutation LevelsDeleteMutation($input: DeleteServiceLevelPolicyInput!) {
      deleteServiceLevelPolicy(input: $input) {
        ... on DeleteServiceLevelPolicySuccess {
          deletedId @deleteRecord
        }
        ... on Error {
          code
          message
        }
      }
    }
  `);
  return (
    <ConfirmDialog
      isOpen
      title={t("delete", { name: policy.name })}
      action={act("delete")}
      isBusy={isBusy}
      onClose={onClose}
      onConfirm={() => remove({ input: { policyId: policy.id } })}
    >
      {t("deleteHint")}
    </ConfirmDialog>
  );
}
