/** A service-level policy being made or changed: what is promised for each priority, and for which conversations. */
import { useState } from "react";
import { graphql } from "react-relay";
import { useTranslations } from "use-intl";
import type { LevelDialogChangeMutation } from "~/__generated__/LevelDialogChangeMutation.graphql";
import type { LevelDialogCreateMutation } from "~/__generated__/LevelDialogCreateMutation.graphql";
import type { Levels_policy$data } from "~/__generated__/Levels_policy.graphql";
import { Refusal, useChange } from "~/changes";
import { Switch } from "~/components/Choice";
import { FormDialog } from "~/components/Dialog";
import { NumberField, TextField } from "~/components/Field";
import { added } from "../parts/added";
import type { Choices } from "../parts/choices";
import { PRIORITIES } from "../parts/priority";
import { Several } from "../parts/Several";

interface LevelDialogProps {
  readonly policy: Levels_policy$data | null;
  /** Where a new one stands. */
  readonly place: number;
  readonly tags: Choices;
  readonly inboxes: Choices;
  readonly onClose: () => void;
}

export function LevelDialog({ policy, place, tags, inboxes, onClose }: LevelDialogProps) {
  const t = useTranslations("desk.levels");
  const act = useTranslations("app.act");
  const [draft, setDraft] = useState(() => draftOf(policy));
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  const [save, isBusy] = useSave(policy?.id, place);
  const set = (part: Partial<Draft>): void => setDraft({ ...draft, ...part });
  const submit = (): Promise<unknown> =>
    save(draft).catch((error: unknown) => {
      if (error instanceof Refusal) setRefusal(error);
      throw error;
    });
  return (
    <FormDialog
      isOpen
      size="wide"
      title={t(policy ? "change" : "create")}
      submit={policy ? undefined : act("create")}
      isBusy={isBusy}
      isDisabled={draft.name.trim() === ""}
      onSubmit={submit}
      onClose={onClose}
    >
      <TextField
        label={t("name")}
        value={draft.name}
        onChange={(name) => set({ name })}
        problem={refusal?.of("name")}
        maxLength={100}
        autoFocus
      />
      <TargetFields targets={draft.targets} onChange={(targets) => set({ targets })} />
      <div className="grid gap-3 sm:grid-cols-2">
        <Several
          label={t("inboxes")}
          placeholder={t("all")}
          choices={inboxes}
          value={draft.inboxIds}
          onChange={(inboxIds) => set({ inboxIds })}
        />
        <Several
          label={t("tags")}
          placeholder={t("all")}
          choices={tags}
          value={draft.tagIds}
          onChange={(tagIds) => set({ tagIds })}
        />
      </div>
      <NumberField
        label={t("warnAt")}
        hint={t("warnAtHint")}
        className="max-w-60"
        minValue={1}
        maxValue={99}
        value={draft.warnAt}
        onChange={(warnAt) => set({ warnAt })}
        problem={refusal?.of("warnAt")}
      />
      <Switch isSelected={draft.pauses} onChange={(pauses) => set({ pauses })}>
        {t("pauses")}
      </Switch>
    </FormDialog>
  );
}

const TARGETS = ["firstResponse", "nextResponse", "resolution"] as const;
type Times = { readonly [T in (typeof TARGETS)[number]]: number | null };
type Targets = { readonly [P in (typeof PRIORITIES)[number]]: Times };
const NONE: Times = { firstResponse: null, nextResponse: null, resolution: null };

interface Draft {
  readonly name: string;
  readonly targets: Targets;
  readonly inboxIds: readonly string[];
  readonly tagIds: readonly string[];
  readonly warnAt: number;
  readonly pauses: boolean;
}

function draftOf(policy: Levels_policy$data | null): Draft {
  const of = (priority: keyof Targets): Times => {
    const found = policy?.targets.find((target) => target.priority === priority);
    if (!found) return NONE;
    const { firstResponse = null, nextResponse = null, resolution = null } = found;
    return { firstResponse, nextResponse, resolution };
  };
  const ids = (list: readonly ({ readonly id: string } | null | undefined)[] = []): readonly string[] =>
    list.flatMap((one) => (one ? [one.id] : []));
  return {
    name: policy?.name ?? "",
    targets: { LOW: of("LOW"), NORMAL: of("NORMAL"), HIGH: of("HIGH"), URGENT: of("URGENT") },
    inboxIds: ids(policy?.inboxes),
    tagIds: ids(policy?.tags),
    warnAt: policy?.warnAt ?? 75,
    pauses: policy?.pauses ?? true,
  };
}

/** Minutes of business time for each priority and target; an empty field promises nothing. */
function TargetFields({ targets, onChange }: { targets: Targets; onChange: (targets: Targets) => void }) {
  const t = useTranslations("desk.levels");
  const priorities = useTranslations("desk.priority");
  return (
    <fieldset className="overflow-x-auto">
      <legend className="mb-2 font-medium text-sm">{t("targets")}</legend>
      <table className="w-full border-collapse text-sm">
        <thead>
          <tr className="text-start text-ink-faint text-xs">
            <th scope="col" className="pe-3 text-start font-medium">
              {t("priority")}
            </th>
            {TARGETS.map((target) => (
              <th key={target} scope="col" className="pe-2 pb-1 text-start font-medium">
                {t(target)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {PRIORITIES.map((priority) => (
            <tr key={priority}>
              <th scope="row" className="pe-3 text-start font-normal">
                {priorities(priority)}
              </th>
              {TARGETS.map((target) => (
                <td key={target} className="pe-2 pb-2">
                  <NumberField
                    label={t("cell", { priority: priorities(priority), target: t(target) })}
                    isLabelHidden
                    minValue={1}
                    value={targets[priority][target] ?? Number.NaN}
                    onChange={(minutes) =>
                      onChange({
                        ...targets,
                        [priority]: { ...targets[priority], [target]: Number.isNaN(minutes) ? null : minutes },
                      })
                    }
                  />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </fieldset>
  );
}

/** Make a policy, or change the one of this id. */
function useSave(id: string | undefined, place: number): [(draft: Draft) => Promise<unknown>, boolean] {
  const [create, isCreating] = useChange<LevelDialogCreateMutation>(graphql`
    mutation LevelDialogCreateMutation($input: CreateServiceLevelPolicyInput!) {
      createServiceLevelPolicy(input: $input) {
        ... on CreateServiceLevelPolicySuccess {
          policy {
            id
            ...Levels_policy
          }
        }
        ... on InvalidInputError {
          fields {
            path
            message
          }
        }
        ... on Error {
          code
          message
        }
      }
    }
  `);
  const [change, isChanging] = useChange<LevelDialogChangeMutation>(graphql`
    mutation LevelDialogChangeMutation($input: ChangeServiceLevelPolicyInput!) {
      changeServiceLevelPolicy(input: $input) {
        ... on ChangeServiceLevelPolicySuccess {
          policy {
            id
            ...Levels_policy
          }
        }
        ... on InvalidInputError {
          fields {
            path
            message
          }
        }
        ... on Error {
          code
          message
        }
      }
    }
  `);
  const save = (draft: Draft): Promise<unknown> => {
    const targets = PRIORITIES.map((priority) => ({ priority, ...draft.targets[priority] })).filter((times) =>
      TARGETS.some((target) => times[target] !== null),
    );
    const input = { ...draft, targets };
    if (id) return change({ input: { policyId: id, ...input } });
    const updater = added("createServiceLevelPolicy", "policy", "serviceLevelPolicies");
    return create({ input: { ...input, place } }, { updater });
  };
  return [save, isCreating || isChanging];
}
