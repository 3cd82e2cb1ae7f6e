import type { Translation } from "..";
import type en from "../en/customers";

export default {
  title: "",
} satisfies Translation<typeof en>;
