import type { Translation } from "..";
import type en from "../en/notifications";

export default {
  title: "",
} satisfies Translation<typeof en>;
