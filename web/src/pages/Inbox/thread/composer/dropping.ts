/** Files that are dragged onto something from outside the browser. */
import { type DragEvent, useState } from "react";

interface Dropping {
  /** Whether files are above it now. */
  readonly isOver: boolean;
  readonly handlers: Readonly<
    Record<"onDragEnter" | "onDragOver" | "onDragLeave" | "onDrop", (event: DragEvent) => void>
  >;
}

export function useDropping(take: (files: Iterable<File>) => void): Dropping {
  // One enters a part of it before one leaves the part beside.
  const [entered, setEntered] = useState(0);
  const ifFiles =
    (then: (files: FileList) => void) =>
    (event: DragEvent): void => {
      if (!event.dataTransfer.types.includes("Files")) return;
      event.preventDefault();
      then(event.dataTransfer.files);
    };
  return {
    isOver: entered > 0,
    handlers: {
      onDragEnter: ifFiles(() => setEntered((count) => count + 1)),
      onDragOver: ifFiles(() => {}),
      onDragLeave: ifFiles(() => setEntered((count) => count - 1)),
      onDrop: ifFiles((files) => {
        setEntered(0);
        take([...files]);
      }),
    },
  };
}
