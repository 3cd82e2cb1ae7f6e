import type { Translation } from "..";
import type en from "../en/start";

export default {
  title: "",
} satisfies Translation<typeof en>;
