/** One conversation: what was said, and what one answers. */
interface ThreadProps {
  readonly id: string;
}

export default function Thread({ id }: ThreadProps) {
  return <div data-conversation={id} />;
}
