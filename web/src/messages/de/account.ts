import type { Translation } from "..";
import type en from "../en/account";

export default {
  title: "",
} satisfies Translation<typeof en>;
