/** The store after something was made: the lists of the API that hold all of a kind get it too. */
import { type RecordSourceSelectorProxy, ROOT_ID } from "relay-runtime";

/** An updater: what the mutation's `field` has made goes to the end of the root's `list`. */
export function added(mutation: string, field: string, list: string): (store: RecordSourceSelectorProxy) => void {
  return (store) => {
    const made = store.getRootField(mutation)?.getLinkedRecord(field);
    const root = store.get(ROOT_ID);
    if (made && root) root.setLinkedRecords([...(root.getLinkedRecords(list) ?? []), made], list);
  };
}
