import type { Translation } from "..";
import type en from "../en/conversation";

export default {
  title: "",
} satisfies Translation<typeof en>;
