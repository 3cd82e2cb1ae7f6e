import type { Translation } from "..";
import type en from "../en/search";

export default {
  title: "",
} satisfies Translation<typeof en>;
