import type { Translation } from "..";
import type en from "../en/desk";

export default {
  title: "",
} satisfies Translation<typeof en>;
