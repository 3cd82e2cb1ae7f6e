import type { Translation } from "..";
import type en from "../en/composer";

export default {
  title: "",
} satisfies Translation<typeof en>;
