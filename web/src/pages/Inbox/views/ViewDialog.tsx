/** Saves a filter under a name, or changes what is saved. */
interface ViewDialogProps {
  readonly view: null;
  readonly onClose: () => void;
}

export default function ViewDialog(_: ViewDialogProps) {
  return null;
}
