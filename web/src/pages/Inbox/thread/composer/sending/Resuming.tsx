/** What was said in some conversation and has not arrived: it goes out wherever one is now. */
import { Words } from "~/preferences";
import { useDelivery } from "./useDelivery";

export default function Resuming({ ids }: { readonly ids: readonly string[] }) {
  return (
    <Words areas={["composer"]}>
      {ids.map((id) => (
        <One key={id} id={id} />
      ))}
    </Words>
  );
}

function One({ id }: { readonly id: string }) {
  useDelivery(id, keep);
  return null;
}

/** Nobody looks at the conversation who could say whether it is to be sent nevertheless: the words wait there. */
function keep(_: unknown, error: Error): string {
  return error.message;
}
