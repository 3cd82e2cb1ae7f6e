import type { Translation } from "..";
import type en from "../en/assistant";

export default {
  title: "",
} satisfies Translation<typeof en>;
