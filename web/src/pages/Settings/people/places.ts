/** Settings of the organization, its people and what opens its doors. */
import type { Place } from "../place";

export function usePeoplePlaces(): readonly Place[] {
  return [];
}
