/** A button that hands over what is on the screen as a file. */
import { Download } from "lucide-react";
import { useTranslations } from "use-intl";
import { IconButton } from "~/components/Button";
import { type Cell, save } from "./csv";

interface SaveCsvProps {
  /** What the file is about, as people call it. */
  readonly name: string;
  /** The rows of the file, the names of its columns first. */
  readonly rows: () => readonly (readonly Cell[])[];
}

export function SaveCsv({ name, rows }: SaveCsvProps) {
  const t = useTranslations("analytics");
  const file = `${name.toLowerCase().replaceAll(/[^\p{L}\p{N}]+/gu, "-")}.csv`;
  return <IconButton icon={Download} label={t("saveCsv", { name })} size="small" onPress={() => save(file, rows())} />;
}
