/** A connection to mail while it is edited, and as the API takes it; a secret that is left empty stays as it is kept. */
import type { EmailInput } from "~/__generated__/EmailDialogConnectMutation.graphql";
import type { Account } from "./Channels";

export interface ServerDraft {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
}

export interface EmailDraft {
  readonly address: string;
  readonly name: string;
  readonly imap: ServerDraft | null;
  readonly smtp: ServerDraft | null;
  readonly dkim: { readonly domain: string; readonly selector: string; readonly privateKey: string } | null;
  readonly signature: string;
  readonly trustedServer: string;
  readonly plusAddressing: boolean;
}

export function draftOf(account: Account | null): EmailDraft {
  const email = account?.email;
  const server = (kept: Omit<ServerDraft, "password"> | null | undefined): ServerDraft | null =>
    kept ? { host: kept.host, port: kept.port, user: kept.user, password: "" } : null;
  return {
    address: account?.address ?? "",
    name: email?.name ?? "",
    imap: server(email?.imap),
    smtp: server(email?.smtp),
    dkim: email?.dkimDomain ? { domain: email.dkimDomain, selector: email.dkimSelector ?? "", privateKey: "" } : null,
    signature: email?.signature ?? "",
    trustedServer: email?.trustedServer ?? "",
    plusAddressing: email?.plusAddressing ?? false,
  };
}

export function inputOf({ name, imap, smtp, dkim, signature, trustedServer, plusAddressing }: EmailDraft): EmailInput {
  const server = (draft: ServerDraft | null): EmailInput["imap"] =>
    draft && { ...draft, password: draft.password || null };
  return {
    name,
    imap: server(imap),
    smtp: server(smtp),
    dkim: dkim && { ...dkim, privateKey: dkim.privateKey || null },
    signature,
    trustedServer: trustedServer.trim() || null,
    plusAddressing,
  };
}
