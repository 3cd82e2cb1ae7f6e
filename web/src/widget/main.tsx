/** @jsxImportSource preact */
/** The frame begins: whose widget it is, in which language and look, and who sits here. */
import { render } from "preact";
import type { widgetSettingsQuery } from "~/__generated__/widgetSettingsQuery.graphql";
import settingsQuery from "~/__generated__/widgetSettingsQuery.graphql";
import { chosen, type Speech, SpeechProvider, speech } from "./messages";
import type { Order } from "./protocol";
import type { Message } from "./reading/transcript";
import { Acts } from "./state/acts";
import { Api } from "./state/api";
import { Chat, type Settings } from "./state/chat";
import { Host } from "./state/host";
import { Visit } from "./state/visit";
import { App } from "./view/App";
import { PartsProvider } from "./view/parts";
import "./widget.css";

const RIGHT_TO_LEFT: readonly string[] = ["ar", "fa", "he", "ur"];
const asked = new URLSearchParams(location.search);
const host = new Host(asked.get("host"));
const visit = new Visit();
const api = new Api(visit);

async function begin(): Promise<void> {
  const { widget } = await api.ask<widgetSettingsQuery>(settingsQuery, { inboxId: asked.get("inbox") ?? "" });
  if (!widget) return;
  const language = chosen(asked.get("language"), widget.languages, navigator.languages);
  const spoken = await speech(language);
  dress(widget, language);
  host.title(spoken.words.title(widget.organizationName), widget.side);
  const chat = new Chat(widget, visit, api, host, (message) => announcement(spoken, message));
  host.hear((order) => obey(chat, order));
  const root = document.getElementById("root");
  if (!root) throw new Error("The page has no root.");
  render(
    <SpeechProvider value={spoken}>
      <PartsProvider value={{ chat, acts: new Acts(chat), visit }}>
        <App host={host} />
      </PartsProvider>
    </SpeechProvider>,
    root,
  );
  host.tell("ready");
  if (!host.isThere) chat.open();
  await chat.begin();
}

/** The organization's colour, and the page's light or dark. */
function dress({ accent, accentInk, side, organizationName }: Settings, language: string): void {
  const { documentElement: page } = document;
  const theme = asked.get("theme");
  document.title = organizationName;
  page.lang = language;
  page.dir = RIGHT_TO_LEFT.includes(language) ? "rtl" : "ltr";
  page.dataset.side = side;
  page.style.colorScheme = theme === "light" || theme === "dark" ? theme : "light dark";
  page.style.setProperty("--brand", accent);
  page.style.setProperty("--brand-ink", accentInk);
}

function obey(chat: Chat, order: Order): void {
  if (order.parley === "open") chat.open(true);
  else if (order.parley === "close") chat.close();
  else if (order.parley === "forget") chat.forget();
  else if (order.parley === "identify" && typeof order.token === "string") void chat.identify(order.token);
}

/** A finished message as it is read out: without the marks of Markdown. */
function announcement({ words }: Speech, { author, text }: Message): string {
  const name = author?.__typename === "Agent" ? author.name : words.message.assistant;
  return `${name}: ${text.replace(/\]\([^)]*\)|[*_`#>[\]]/g, "")}`;
}

void begin();
