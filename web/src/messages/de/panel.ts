import type { Translation } from "..";
import type en from "../en/panel";

export default {
  title: "",
} satisfies Translation<typeof en>;
