/** A mail server: where it is, and how Parley signs in. */
import { useTranslations } from "use-intl";
import type { Refusal } from "~/changes";
import { Switch } from "~/components/Choice";
import { NumberField, TextField } from "~/components/Field";
import type { ServerDraft } from "./email";

interface ServerFieldsProps {
  readonly kind: "imap" | "smtp";
  readonly server: ServerDraft | null;
  /** Whether a password is kept, which stays if none is entered. */
  readonly isKept: boolean;
  readonly onChange: (server: ServerDraft | null) => void;
  readonly refusal: Refusal | null;
}

const PORTS = { imap: 993, smtp: 465 };

export function ServerFields({ kind, server, isKept, onChange, refusal }: ServerFieldsProps) {
  const t = useTranslations("connections.channels");
  const fresh = { host: "", port: PORTS[kind], user: "", password: "" };
  return (
    <fieldset className="flex flex-col gap-3 rounded-md border border-line p-3">
      <legend className="sr-only">{t(kind)}</legend>
      <Switch isSelected={server !== null} onChange={(isOn) => onChange(isOn ? fresh : null)}>
        {t(kind)}
      </Switch>
      {server && (
        <div className="grid gap-3 sm:grid-cols-[1fr_6rem]">
          <TextField
            label={t("host")}
            value={server.host}
            onChange={(host) => onChange({ ...server, host })}
            problem={refusal?.of(`email.${kind}.host`) ?? refusal?.of(`email.${kind}`)}
          />
          <NumberField
            label={t("port")}
            formatOptions={{ useGrouping: false }}
            minValue={1}
            maxValue={65_535}
            value={server.port}
            onChange={(port) => onChange({ ...server, port })}
            problem={refusal?.of(`email.${kind}.port`)}
          />
          <TextField
            label={t("user")}
            autoComplete="off"
            value={server.user}
            onChange={(user) => onChange({ ...server, user })}
            problem={refusal?.of(`email.${kind}.user`)}
          />
          <TextField
            label={t("password")}
            hint={isKept ? t("secretKept") : undefined}
            className="sm:col-span-2"
            type="password"
            autoComplete="new-password"
            value={server.password}
            onChange={(password) => onChange({ ...server, password })}
            problem={refusal?.of(`email.${kind}.password`)}
          />
        </div>
      )}
    </fieldset>
  );
}
