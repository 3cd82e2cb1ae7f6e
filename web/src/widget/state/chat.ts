/** Everything that the widget knows and does, for one inbox and whoever sits at this browser. */

import type { widgetHistoryQuery } from "~/__generated__/widgetHistoryQuery.graphql";
import historyQuery from "~/__generated__/widgetHistoryQuery.graphql";
import type { widgetSettingsQuery } from "~/__generated__/widgetSettingsQuery.graphql";
import type { Connection } from "~/graphql";
import { Following, type Reading } from "../reading/following";
import { EMPTY, type Message, withMessages } from "../reading/transcript";
import type { Api } from "./api";
import type { Host } from "./host";
import { type Enclosure, Outbox, type Unsent } from "./outbox";
import { Sender, type Sent } from "./sender";
import { Drawer, tabDrawer, unique } from "./storage";
import { Store } from "./store";
import type { Visit } from "./visit";

export type Settings = NonNullable<widgetSettingsQuery["response"]["widget"]>;
export type Entry = widgetHistoryQuery["response"]["conversations"]["nodes"][number];

export interface ChatState extends Reading {
  readonly isOpen: boolean;
  readonly isPages: boolean;
  readonly view: "thread" | "history";
  /** Names what is shown, also before the server has given it an id. */
  readonly thread: string;
  readonly id?: string;
  readonly unsent: readonly Unsent[];
  readonly history: readonly Entry[];
  readonly unread: number;
  readonly connection: Connection;
  /** Finished messages, for screen readers. */
  readonly announced: string;
}

type Seen = Readonly<Record<string, number>>;

export class Chat {
  readonly state: Store<ChatState>;
  readonly api: Api;
  private readonly drawer: Drawer;
  private readonly tab: Drawer;
  private readonly outbox: Outbox;
  private readonly sender: Sender;
  private readonly arrived = new Set<string>();
  private following?: Following;

  constructor(
    readonly settings: Settings,
    private readonly visit: Visit,
    api: Api,
    private readonly host: Host,
    private readonly announce: (message: Message) => string,
  ) {
    this.api = api;
    this.drawer = new Drawer(settings.organizationSlug);
    this.tab = tabDrawer(settings.organizationSlug);
    visit.at(settings.organizationSlug, this.drawer);
    visit.onChanged = () => void this.anew();
    this.outbox = new Outbox(this.drawer);
    this.sender = new Sender(
      api,
      visit,
      this.outbox,
      settings.inboxId,
      (sent) => this.sent(sent),
      () => this.show(),
    );
    const fresh = { view: "thread", thread: unique(), transcript: EMPTY, unsent: [], history: [], unread: 0 } as const;
    this.state = new Store<ChatState>({
      ...fresh,
      isOpen: false,
      isPages: false,
      connection: "connected",
      announced: "",
    });
  }

  /** Read what was said before, send what was not sent, and open where it was open. */
  async begin(): Promise<void> {
    this.api.transport.watch((connection) => this.state.set({ connection }));
    this.drawer.watch("outbox", () => this.show());
    this.drawer.watch("seen", () => this.count());
    document.addEventListener("visibilitychange", () => this.mark());
    if (this.tab.read("open")) this.open();
    await this.resume();
  }

  /** `byPage` for who opened it from a button of the page, which gets the focus back when it closes. */
  open(byPage = false): void {
    this.tab.write("open", true);
    this.state.set({ isOpen: true, isPages: byPage });
    this.mark();
    this.host.tell("open");
    if (!this.following && this.state.now.id) this.follow(this.state.now.id);
  }

  close(): void {
    if (!this.state.now.isOpen) return;
    this.tab.write("open", undefined);
    this.state.set({ isOpen: false });
    this.host.tell("close");
  }

  /** Say something, here: it is shown at once, kept until the server has it, and said once. */
  say(text: string, files: readonly Enclosure[] = []): void {
    const { thread, id } = this.state.now;
    this.outbox.add({ thread, conversation: id, text, files });
    this.show();
    void this.sender.run();
  }

  retry(key: string): void {
    this.outbox.refuse(key, undefined);
    this.show();
    void this.sender.run();
  }

  discard(key: string): void {
    this.outbox.remove(key);
    this.show();
  }

  /** Begin another conversation; the one before stays in the history. */
  startNew(): void {
    this.leave();
    this.drawer.write("current", undefined);
    this.state.set({ view: "thread", thread: unique() });
    this.show();
  }

  choose(id: string): void {
    this.leave();
    this.drawer.write("current", id);
    this.state.set({ view: "thread", thread: id, id });
    this.show();
    this.follow(id);
  }

  async showHistory(): Promise<void> {
    this.state.set({ view: "history" });
    await this.readHistory();
  }

  showThread(): void {
    this.state.set({ view: "thread" });
    this.mark();
  }

  async readEarlier(): Promise<void> {
    const { earlier } = this.state.now;
    if (earlier) await this.following?.back(earlier);
  }

  /** Take over what a mutation answered with. */
  learn(change: Partial<Pick<ChatState, "conversation">> & { readonly message?: Message | null }): void {
    const { transcript, conversation } = this.state.now;
    const known = change.message ? withMessages(transcript, [change.message]) : transcript;
    this.state.set({ conversation: change.conversation ?? conversation, transcript: known });
  }

  async identify(token: string): Promise<void> {
    try {
      await this.visit.identify(token);
      this.host.tell("identified");
    } catch (error) {
      this.host.tell("problem", (error as Error).message);
    }
  }

  forget(): void {
    this.outbox.clear();
    for (const name of ["current", "seen", "emails"]) this.drawer.write(name, undefined);
    this.visit.forget();
  }

  /** The address that was left in the conversation that is shown. */
  get email(): string | undefined {
    return this.drawer.read<Record<string, string>>("emails")?.[this.state.now.id ?? ""];
  }

  leftEmail(email: string): void {
    this.drawer.write("emails", { ...this.drawer.read<object>("emails"), [this.state.now.id ?? ""]: email });
    this.show();
  }

  private async anew(): Promise<void> {
    this.leave();
    this.state.set({ thread: unique(), history: [], unread: 0, view: "thread" });
    await this.resume();
  }

  private async resume(): Promise<void> {
    const waiting = this.outbox.all.at(-1);
    const current = waiting?.conversation ?? (waiting ? undefined : this.drawer.read<string>("current"));
    if (waiting) this.state.set({ thread: waiting.thread });
    this.show();
    void this.sender.run();
    if (!this.visit.isBegun) return;
    if (current) {
      this.state.set({ thread: waiting?.thread ?? current, id: current });
      this.follow(current);
    }
    await this.readHistory().catch(() => undefined);
  }

  private async readHistory(): Promise<void> {
    if (!this.visit.isBegun) return;
    const { conversations } = await this.api.ask<widgetHistoryQuery>(historyQuery, {});
    this.state.set({ history: conversations.nodes });
    this.count();
  }

  private follow(id: string): void {
    this.following?.stop();
    this.following = new Following(
      this.api,
      id,
      (change) => {
        const { conversation, transcript, earlier } = this.state.now;
        this.state.set(change({ conversation, transcript, earlier }));
        this.show();
        this.mark();
      },
      (message) => this.heard(message),
      () => this.startNew(),
    );
    void this.following.run();
  }

  private leave(): void {
    this.following?.stop();
    this.following = undefined;
    this.state.set({ id: undefined, conversation: undefined, transcript: EMPTY, earlier: undefined });
  }

  private sent({ said, conversation, message }: Sent): void {
    const { thread, id } = this.state.now;
    if (thread === said.thread || id === conversation.id) {
      this.state.set({ id: conversation.id });
      this.learn({ conversation, message });
      this.drawer.write("current", conversation.id);
      if (!this.following) this.follow(conversation.id);
    }
    this.show();
  }

  private heard(message: Message): void {
    const isOwn = message.author?.__typename === "Customer";
    const mine = isOwn && this.state.now.unsent.find((one) => one.text === message.text);
    if (mine) this.arrived.add(mine.key);
    if (!isOwn) this.state.set({ announced: this.announce(message) });
    this.show();
  }

  /** What is on its way, here. */
  private show(): void {
    const { thread, id } = this.state.now;
    const here = this.outbox.all.filter((one) => one.thread === thread || (id && one.conversation === id));
    this.state.set({ unsent: here.filter((one) => !this.arrived.has(one.key)) });
  }

  private mark(): void {
    const { isOpen, view, id, transcript } = this.state.now;
    const last = transcript.messages.at(-1)?.number ?? 0;
    if (isOpen && view === "thread" && id && !document.hidden && last > (this.seen[id] ?? 0))
      this.drawer.write("seen", { ...this.seen, [id]: last });
    this.count();
  }

  private count(): void {
    const { history, id, transcript, unread: before } = this.state.now;
    const isNew = (conversation: string, of: { number: number; author?: { __typename: string } | null }): boolean =>
      of.author?.__typename !== "Customer" && of.number > (this.seen[conversation] ?? 0);
    const here = id ? transcript.messages.filter((message) => isNew(id, message)).length : 0;
    const elsewhere = history.filter(
      (one) => one.id !== id && one.lastMessage && isNew(one.id, one.lastMessage),
    ).length;
    const unread = here + elsewhere;
    if (unread === before) return;
    this.state.set({ unread });
    this.host.tell("unread", unread);
  }

  private get seen(): Seen {
    return this.drawer.read<Seen>("seen") ?? {};
  }
}
