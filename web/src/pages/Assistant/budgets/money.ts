/** Money as the API has it, in millionths, and as people read it. */
import { useFormatter } from "use-intl";

const MICROS = 1_000_000;

/** What a field holds, as millionths; null where it is empty. */
export function micros(amount: number | null): number | null {
  return amount === null || Number.isNaN(amount) ? null : Math.round(amount * MICROS);
}

/** Millionths as a field shows them; not a number is an empty field. */
export function amount(of: number | null | undefined): number {
  return typeof of === "number" ? of / MICROS : Number.NaN;
}

/** An amount in words: small ones with the digits that say something. Without a currency it is a plain number. */
export function useMoney(currency: string | null | undefined): (of: number) => string {
  const format = useFormatter();
  return (of) => {
    const value = of / MICROS;
    const digits = { minimumFractionDigits: 2, maximumFractionDigits: Math.abs(value) < 1 ? 4 : 2 };
    return format.number(value, currency ? { style: "currency", currency, ...digits } : digits);
  };
}

const DAY = 86_400_000;

export interface Range {
  readonly since: string;
  readonly until: string;
}

/** The last so many days in UTC, today among them, up to its end. */
export function lastDays(days: number, now: Date): Range {
  const tomorrow = Math.floor(now.getTime() / DAY) * DAY + DAY;
  return { since: new Date(tomorrow - days * DAY).toISOString(), until: new Date(tomorrow).toISOString() };
}

/** Each day of a range in UTC with its value; days without one have 0. */
export function byDay(
  { since, until }: Range,
  parts: readonly { readonly day?: string | null; readonly value: number }[],
): { readonly at: number; readonly value: number }[] {
  const values = new Map(parts.map((part) => [part.day, part.value]));
  const days = Math.round((Date.parse(until) - Date.parse(since)) / DAY);
  return Array.from({ length: days }, (_, index) => {
    const at = Date.parse(since) + index * DAY;
    return { at: at / 1_000, value: values.get(new Date(at).toISOString().slice(0, 10)) ?? 0 };
  });
}
