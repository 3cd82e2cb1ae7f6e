import type { Translation } from "..";
import type en from "../en/knowledge";

export default {
  title: "",
} satisfies Translation<typeof en>;
