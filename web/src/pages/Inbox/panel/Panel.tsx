/** What one should know beside a conversation: the customer, the facts, the past. */
interface PanelProps {
  readonly id: string;
}

export default function Panel({ id }: PanelProps) {
  return <div data-conversation={id} />;
}
