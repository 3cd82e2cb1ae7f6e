/** A person has no id of their own, so that what a mutation says of them is brought to where it is shown. */
import type { SelectorStoreUpdater } from "relay-runtime";

export function secondFactor<Response>(mutation: string, isOn: boolean): SelectorStoreUpdater<Response> {
  return (store) => {
    if (!store.getRootField(mutation as never)?.getLinkedRecord("person")) return;
    store.getRoot().getLinkedRecord("viewer")?.getLinkedRecord("person")?.setValue(isOn, "secondFactorEnabled");
  };
}
