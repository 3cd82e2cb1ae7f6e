import type { Translation } from "..";
import type en from "../en/people";

export default {
  title: "",
} satisfies Translation<typeof en>;
