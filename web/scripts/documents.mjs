/** An empty folder for what the Relay compiler makes: it skips what looks unchanged, and keeps what nobody asks any more. */
import { mkdirSync, rmSync, writeFileSync } from "node:fs";

const folder = new URL("../src/__generated__/", import.meta.url);
rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
writeFileSync(new URL("documents.json", folder), "{}\n");
