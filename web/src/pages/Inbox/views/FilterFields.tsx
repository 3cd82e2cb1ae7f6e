/** Everything by which conversations can be narrowed, as fields. */
import type { ReactNode } from "react";
import { graphql, useLazyLoadQuery } from "react-relay";
import { useTranslations } from "use-intl";
import type { FilterFieldsQuery } from "~/__generated__/FilterFieldsQuery.graphql";
import { useMay } from "~/app/viewer";
import { Dot } from "~/components/Badge";
import { Checkbox, Select } from "~/components/Choice";
import { NumberField, TextField } from "~/components/Field";
import type { Filter, Order } from "../list/filter";
import { AttributeFields } from "./AttributeFields";

const STATES = ["WITH_ASSISTANT", "WAITING", "WITH_PERSON", "RESOLVED"] as const;
const CHANNELS = ["CHAT", "EMAIL", "SMS", "API"] as const;
const PRIORITIES = ["URGENT", "HIGH", "NORMAL", "LOW"] as const;
const ORDERS: readonly Order[] = ["ACTIVITY", "WAITING", "PRIORITY"];
const DATES = ["startedAfter", "startedBefore", "activeAfter", "activeBefore"] as const;

interface FilterFieldsProps {
  readonly filter: Filter;
  readonly order: Order;
  readonly onChange: (filter: Filter, order: Order) => void;
}

export function FilterFields({ filter, order, onChange }: FilterFieldsProps) {
  const t = useTranslations("inbox.filter");
  const words = useTranslations("inbox");
  const mayReadAgents = useMay("READ_AGENTS");
  const { agents, attributeDefinitions, inboxes, tags } = useLazyLoadQuery<FilterFieldsQuery>(
    graphql`
      query FilterFieldsQuery($mayReadAgents: Boolean!) {
        agents(first: 100) @include(if: $mayReadAgents) {
          nodes {
            id
            name
          }
        }
        inboxes {
          id
          name
        }
        tags {
          id
          name
          color
        }
        attributeDefinitions(appliesTo: CONVERSATION) {
          key
          ...AttributeFields_definitions
        }
      }
    `,
    { mayReadAgents },
  );
  const set = (change: Filter): void => onChange({ ...filter, ...change }, order);
  const tagMode = filter.allTagIds?.length ? "allTagIds" : "anyTagIds";
  const chosenTags = filter[tagMode] ?? [];
  return (
    <div className="grid gap-x-6 gap-y-4 sm:grid-cols-2">
      <Several
        label={t("states")}
        choices={STATES.map((id) => ({ id, label: t(`state.${id}`) }))}
        chosen={filter.states ?? []}
        onChange={(states) => set({ states })}
      />
      <Several
        label={t("priorities")}
        choices={PRIORITIES.map((id) => ({ id, label: words(`priority.${id}`) }))}
        chosen={filter.priorities ?? []}
        onChange={(priorities) => set({ priorities })}
      />
      <Assignee filter={filter} agents={agents?.nodes ?? []} onChange={set} />
      <Select
        label={t("snoozed")}
        value={`${filter.isSnoozed ?? "any"}`}
        choices={[
          { id: "any", label: t("any") },
          { id: "false", label: t("awake") },
          { id: "true", label: t("asleep") },
        ]}
        onChange={(value) => set({ isSnoozed: value === "any" ? undefined : value === "true" })}
      />
      <Several
        label={t("inboxes")}
        choices={inboxes.map(({ id, name }) => ({ id, label: name }))}
        chosen={filter.inboxIds ?? []}
        onChange={(inboxIds) => set({ inboxIds })}
      />
      <Several
        label={t("channels")}
        choices={CHANNELS.map((id) => ({ id, label: t(`channel.${id}`) }))}
        chosen={filter.channels ?? []}
        onChange={(channels) => set({ channels })}
      />
      {tags.length > 0 && (
        <Several
          label={t("tags")}
          choices={tags.map(({ id, name, color }) => ({ id, label: name, mark: <Dot color={color} /> }))}
          chosen={chosenTags}
          onChange={(ids) => set({ anyTagIds: undefined, allTagIds: undefined, [tagMode]: ids })}
        >
          <Select
            label={t("tagMode")}
            isLabelHidden
            value={tagMode}
            choices={[
              { id: "anyTagIds", label: t("anyTag") },
              { id: "allTagIds", label: t("allTags") },
            ]}
            onChange={(mode) => set({ anyTagIds: undefined, allTagIds: undefined, [mode]: chosenTags })}
          />
        </Several>
      )}
      <div className="flex flex-col gap-2">
        <Checkbox isSelected={filter.isUnread ?? false} onChange={(isUnread) => set({ isUnread })}>
          {t("unread")}
        </Checkbox>
        <Checkbox isSelected={filter.isSpam ?? false} onChange={(isSpam) => set({ isSpam })}>
          {t("spam")}
        </Checkbox>
        <NumberField
          label={t("waiting")}
          minValue={0}
          value={filter.waitingSeconds ? filter.waitingSeconds / 60 : Number.NaN}
          onChange={(minutes) => set({ waitingSeconds: minutes > 0 ? Math.round(minutes * 60) : undefined })}
        />
        {filter.customerId && (
          <Checkbox isSelected onChange={() => set({ customerId: undefined })}>
            {t("customer")}
          </Checkbox>
        )}
      </div>
      {DATES.map((key) => (
        <TextField
          key={key}
          type="date"
          label={t(key)}
          value={dayOf(filter[key])}
          onChange={(day) => set({ [key]: day ? new Date(`${day}T00:00`).toISOString() : undefined })}
        />
      ))}
      <AttributeFields
        definitions={attributeDefinitions}
        values={filter.attributes ?? []}
        onChange={(attributes) => set({ attributes })}
      />
      <Select
        label={words("order.title")}
        value={order}
        choices={ORDERS.map((id) => ({ id, label: words(`order.${id}`) }))}
        onChange={(next) => onChange(filter, next)}
      />
    </div>
  );
}

/** A moment as the day that a date field shows, by this browser's clock. */
function dayOf(moment: string | null | undefined): string {
  if (!moment) return "";
  const at = new Date(moment);
  const two = (number: number): string => `${number}`.padStart(2, "0");
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
}

interface SeveralProps<K extends string> {
  readonly label: string;
  readonly choices: readonly { readonly id: K; readonly label: string; readonly mark?: ReactNode }[];
  readonly chosen: readonly K[];
  readonly onChange: (chosen: K[]) => void;
  readonly children?: ReactNode;
}

/** Any number of a few; none means that it does not matter. */
function Several<K extends string>({ label, choices, chosen, onChange, children }: SeveralProps<K>) {
  return (
    <fieldset className="flex flex-col gap-1">
      <legend className="mb-1 font-medium text-sm">{label}</legend>
      {children}
      <div className="flex max-h-40 flex-col overflow-y-auto">
        {choices.map(({ id, label: words, mark }) => (
          <Checkbox
            key={id}
            isSelected={chosen.includes(id)}
            onChange={(isChosen) => onChange(isChosen ? [...chosen, id] : chosen.filter((one) => one !== id))}
          >
            {mark}
            {words}
          </Checkbox>
        ))}
      </div>
    </fieldset>
  );
}

interface AssigneeProps {
  readonly filter: Filter;
  readonly agents: readonly { readonly id: string; readonly name: string }[];
  readonly onChange: (change: Filter) => void;
}

/** Anybody, nobody, oneself, or one of the others: at most one of it is asked for. */
function Assignee({ filter, agents, onChange }: AssigneeProps) {
  const t = useTranslations("inbox.filter");
  const none: Filter = { isMine: undefined, isAssigned: undefined, assigneeId: undefined };
  const others: Record<string, Filter> = {
    any: {},
    me: { isMine: true },
    somebody: { isAssigned: true },
    nobody: { isAssigned: false },
  };
  const assigned = filter.isAssigned == null ? "any" : filter.isAssigned ? "somebody" : "nobody";
  const value = filter.isMine ? "me" : (filter.assigneeId ?? assigned);
  const choices = [
    ...(["any", "me", "somebody", "nobody"] as const).map((id) => ({ id: id as string, label: t(`assignee.${id}`) })),
    ...agents.map(({ id, name }) => ({ id, label: name })),
  ];
  return (
    <Select
      label={t("assignee.title")}
      value={value}
      choices={choices}
      onChange={(id) => onChange({ ...none, ...(others[id] ?? { assigneeId: id }) })}
    />
  );
}
