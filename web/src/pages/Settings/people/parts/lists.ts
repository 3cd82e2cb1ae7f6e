/** What a mutation made joins a list of the organization that was read already. */
import { ConnectionHandler, ROOT_ID, type SelectorStoreUpdater } from "relay-runtime";

/** Put what is at `payload.name` of a mutation at the end of the root field `list`. */
export function joining<Response>(list: string, mutation: string, name: string): SelectorStoreUpdater<Response> {
  return (store) => {
    const made = store.getRootField(mutation as never)?.getLinkedRecord(name);
    const root = store.get(ROOT_ID);
    if (made && root) root.setLinkedRecords([...(root.getLinkedRecords(list) ?? []), made], list);
  };
}

/** Put what is at `payload.name` of a mutation at the beginning of a connection of the root, if that was read. */
export function beginning<Response>(
  connection: string,
  mutation: string,
  name: string,
  edge: string,
): SelectorStoreUpdater<Response> {
  return (store) => {
    const made = store.getRootField(mutation as never)?.getLinkedRecord(name);
    const root = store.get(ROOT_ID);
    const list = root && ConnectionHandler.getConnection(root, connection);
    if (made && list) ConnectionHandler.insertEdgeBefore(list, ConnectionHandler.createEdge(store, list, made, edge));
  };
}
