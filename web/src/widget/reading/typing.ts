/** Who of the team is typing in the conversation that is shown. */
import { useEffect, useState } from "preact/hooks";
import type { widgetSignalsSubscription } from "~/__generated__/widgetSignalsSubscription.graphql";
import signals from "~/__generated__/widgetSignalsSubscription.graphql";
import { useChat, useParts } from "../view/parts";

const LONGEST = 10_000;

/** Their name, empty where they have none; undefined while nobody types. */
export function useTyping(): string | undefined {
  const { chat } = useParts();
  const { conversation, transcript } = useChat();
  const [name, setName] = useState<string>();
  const isPeoples = conversation?.state === "WITH_PERSON" || conversation?.state === "WAITING";
  const id = isPeoples ? conversation.id : undefined;
  useEffect(() => {
    if (!id) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const end = chat.api.follow<widgetSignalsSubscription>(signals, { id }, (signal) => {
      if (!signal.isStaff || signal.kind !== "TYPING") return;
      clearTimeout(timer);
      setName(signal.agent?.name ?? "");
      timer = setTimeout(() => setName(undefined), LONGEST);
    });
    return () => {
      clearTimeout(timer);
      setName(undefined);
      end();
    };
  }, [chat, id]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: who has said it is not typing it
  useEffect(() => setName(undefined), [transcript.messages.length]);
  return name;
}
