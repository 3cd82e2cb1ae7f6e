import type { Translation } from "..";
import type en from "../en/inbox";

export default {
  title: "",
} satisfies Translation<typeof en>;
