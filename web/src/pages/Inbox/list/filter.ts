/** Which conversations a list shows: as the address of the page says it, and whether one of them belongs to it. */
import type { ConversationFilterInput, ConversationOrder } from "~/__generated__/ListQuery.graphql";

/** A filter as it is asked for; what is unset lets everything through but spam. */
export type Filter = Partial<ConversationFilterInput>;
export type Order = ConversationOrder;

const ORDERS: readonly Order[] = ["ACTIVITY", "WAITING", "PRIORITY"];
const LISTS = ["states", "inboxIds", "channels", "priorities", "anyTagIds", "allTagIds"] as const;
const FLAGS = ["isMine", "isAssigned", "isSnoozed", "isSpam", "isUnread"] as const;
const TEXTS = ["assigneeId", "customerId", "startedAfter", "startedBefore", "activeAfter", "activeBefore"] as const;

/** The filter and the order that the query part of an address holds; undefined where it holds none. */
export function fromParams(params: URLSearchParams): { readonly filter?: Filter; readonly order?: Order } {
  const filter: Record<string, unknown> = {};
  for (const key of LISTS) if (params.get(key)) filter[key] = params.get(key)?.split(",");
  for (const key of FLAGS) if (params.has(key)) filter[key] = params.get(key) === "true";
  for (const key of TEXTS) if (params.get(key)) filter[key] = params.get(key);
  const waiting = Number(params.get("waitingSeconds"));
  if (waiting > 0) filter.waitingSeconds = waiting;
  const attributes = attributesOf(params.get("attributes"));
  if (attributes.length > 0) filter.attributes = attributes;
  const order = ORDERS.find((one) => one === params.get("order"));
  return { ...(Object.keys(filter).length > 0 && { filter: filter as Filter }), ...(order && { order }) };
}

/** The same the other way round: fit for an address. */
export function toParams(filter: Filter, order?: Order): URLSearchParams {
  const params = new URLSearchParams();
  for (const [key, value] of Object.entries(tidy(filter)))
    params.set(key, key === "attributes" ? JSON.stringify(value) : `${value}`);
  if (order) params.set("order", order);
  return params;
}

/** Without what lets everything through: what the server says of a saved filter becomes what it can be asked for. */
export function tidy(filter: { readonly [K in keyof Filter]: unknown }): Filter {
  const said = Object.entries(filter).filter(([key, value]) => {
    if (value === null || value === undefined || value === "") return false;
    if (Array.isArray(value)) return value.length > 0;
    return value || key === "isAssigned" || key === "isSnoozed";
  });
  return Object.fromEntries(said) as Filter;
}

/** How many things a filter asks for. */
export function partsOf(filter: Filter): number {
  return Object.keys(tidy(filter)).length;
}

/** What one needs to know of a conversation to say whether it belongs to a list. */
export interface Facts {
  readonly state: string;
  readonly unreadCount: number;
  readonly startedAt: string;
  readonly lastActivityAt: string;
  readonly waitingSince: string | null | undefined;
  readonly customer: { readonly id: string } | null | undefined;
  readonly assignee: { readonly id: string } | null | undefined;
  readonly inbox: { readonly id: string; readonly channel: string } | null | undefined;
  readonly triage:
    | {
        readonly priority: string;
        readonly isSnoozed: boolean;
        readonly isSpam: boolean;
        readonly tags: readonly { readonly id: string }[];
        readonly attributes: readonly { readonly key: string; readonly value: unknown }[];
      }
    | null
    | undefined;
}

/** A list: what it holds, in which order, and whose it is. */
export interface Wanted {
  readonly filter: Filter;
  readonly order: Order;
  readonly me: string | undefined;
}

/** Whether a conversation belongs to a list at this moment; the server's own rule. */
export function belongs(facts: Facts, { filter, order, me }: Wanted, now: number): boolean {
  const { triage } = facts;
  const tags = new Set(triage?.tags.map((tag) => tag.id));
  const one = (wanted: readonly string[] | null | undefined, has: string | undefined): boolean =>
    !wanted?.length || (has !== undefined && wanted.includes(has));
  const same = (wanted: boolean | null | undefined, has: boolean): boolean => wanted == null || wanted === has;
  return (
    (order !== "WAITING" || Boolean(facts.waitingSince)) &&
    one(filter.states, facts.state) &&
    one(filter.inboxIds, facts.inbox?.id) &&
    one(filter.channels, facts.inbox?.channel) &&
    one(filter.priorities, triage?.priority) &&
    (!filter.assigneeId || filter.assigneeId === facts.assignee?.id) &&
    (!filter.customerId || filter.customerId === facts.customer?.id) &&
    (!filter.isMine || (me !== undefined && facts.assignee?.id === me)) &&
    same(filter.isAssigned, Boolean(facts.assignee)) &&
    same(filter.isSnoozed, triage?.isSnoozed ?? false) &&
    (filter.isSpam ?? false) === (triage?.isSpam ?? false) &&
    (!filter.isUnread || facts.unreadCount > 0) &&
    (!filter.anyTagIds?.length || filter.anyTagIds.some((id) => tags.has(id))) &&
    (filter.allTagIds ?? []).every((id) => tags.has(id)) &&
    (filter.attributes ?? []).every((wanted) => has(triage?.attributes ?? [], wanted)) &&
    isWithin(facts, filter, now)
  );
}

function has(attributes: readonly { key: string; value: unknown }[], wanted: { key: string; value: unknown }): boolean {
  const value = attributes.find((one) => one.key === wanted.key)?.value;
  if (!Array.isArray(value)) return value === wanted.value;
  const all: readonly unknown[] = Array.isArray(wanted.value) ? wanted.value : [wanted.value];
  return all.every((one) => value.includes(one));
}

function isWithin(facts: Facts, filter: Filter, now: number): boolean {
  const started = Date.parse(facts.startedAt);
  const active = Date.parse(facts.lastActivityAt);
  const waited = facts.waitingSince ? (now - Date.parse(facts.waitingSince)) / 1_000 : -1;
  return (
    (!filter.startedAfter || started >= Date.parse(filter.startedAfter)) &&
    (!filter.startedBefore || started < Date.parse(filter.startedBefore)) &&
    (!filter.activeAfter || active >= Date.parse(filter.activeAfter)) &&
    (!filter.activeBefore || active < Date.parse(filter.activeBefore)) &&
    (!filter.waitingSeconds || waited >= filter.waitingSeconds)
  );
}

/** What the place of a conversation in its list depends on. */
export interface Standing extends Pick<Facts, "lastActivityAt" | "waitingSince"> {
  readonly triage: { readonly priority: string } | null | undefined;
}

/** What decides between two conversations of a list, by its order: the smaller comes first. */
export function rankOf(facts: Standing, order: Order): readonly number[] {
  const latest = -Date.parse(facts.lastActivityAt);
  if (order === "WAITING") return [facts.waitingSince ? Date.parse(facts.waitingSince) : Number.MAX_VALUE, latest];
  if (order === "PRIORITY") return [-PRIORITIES.indexOf(facts.triage?.priority ?? "NORMAL"), latest];
  return [latest];
}

/** Whether a rank comes before another. */
export function isBefore(rank: readonly number[], other: readonly number[]): boolean {
  const at = rank.findIndex((value, index) => value !== other[index]);
  return at >= 0 && (rank[at] ?? 0) < (other[at] ?? 0);
}

const PRIORITIES = ["LOW", "NORMAL", "HIGH", "URGENT"];

function attributesOf(text: string | null): { key: string; value: unknown }[] {
  try {
    const read: unknown = JSON.parse(text ?? "[]");
    return Array.isArray(read) ? read.filter((one) => typeof one?.key === "string" && one.value !== undefined) : [];
  } catch {
    return [];
  }
}
