import type { Messages } from "..";
import app from "./app";
import signIn from "./signIn";
import tags from "./tags";

export default { app, signIn, tags } satisfies Messages;
