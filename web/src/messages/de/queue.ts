import type { Translation } from "..";
import type en from "../en/queue";

export default {
  title: "",
} satisfies Translation<typeof en>;
