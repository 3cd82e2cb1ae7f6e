import type { Translation } from "..";
import type en from "../en/analytics";

export default {
  title: "",
} satisfies Translation<typeof en>;
