import type { Translation } from "..";
import type en from "../en/palette";

export default {
  title: "",
} satisfies Translation<typeof en>;
