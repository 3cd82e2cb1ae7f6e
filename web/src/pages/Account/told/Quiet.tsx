/** When not to be disturbed, how often mail comes, and in which language. */
import { useTranslations } from "use-intl";
import type { Refusal } from "~/changes";
import { ComboBox, Select, Switch } from "~/components/Choice";
import { TextField } from "~/components/Field";
import { useLanguageName } from "~/pages/Settings/people/organization/Languages";
import type { Digest, Form } from "./preferences";

const ZONES = Intl.supportedValuesOf("timeZone").map((id) => ({ id, label: id.replaceAll("_", " ") }));
const DIGESTS: readonly Digest[] = ["NEVER", "HOURLY", "DAILY"];
/** What mail is written in; the organization's language for who chooses none. */
const LANGUAGES = ["en", "de", "fr", "es", "nl", "pt"];

interface QuietProps {
  readonly form: Form;
  readonly onChange: (form: Form) => void;
  readonly refusal: Refusal | undefined;
}

export function Quiet({ form, onChange, refusal }: QuietProps) {
  const t = useTranslations("account.told");
  const nameOf = useLanguageName();
  const put = (part: Partial<Form>): void => onChange({ ...form, ...part });
  const zones = ZONES.some(({ id }) => id === form.zone) ? ZONES : [{ id: form.zone, label: form.zone }, ...ZONES];
  return (
    <div className="flex flex-col gap-5">
      <Switch isSelected={form.isQuiet} onChange={(isQuiet) => put({ isQuiet })}>
        {t("quietOn")}
      </Switch>
      {form.isQuiet && (
        <div className="flex flex-col gap-3 ps-11">
          <div className="flex flex-wrap gap-3">
            <TextField
              label={t("begins")}
              type="time"
              value={form.begins}
              onChange={(begins) => put({ begins })}
              problem={refusal?.of("quietHours.begins")}
            />
            <TextField
              label={t("ends")}
              type="time"
              value={form.ends}
              onChange={(ends) => put({ ends })}
              problem={refusal?.of("quietHours.ends")}
            />
          </div>
          <Switch isSelected={form.urgentPasses} onChange={(urgentPasses) => put({ urgentPasses })}>
            {t("urgentPasses")}
          </Switch>
        </div>
      )}
      <div className="grid gap-4 sm:grid-cols-2">
        <ComboBox label={t("zone")} value={form.zone} onChange={(zone) => zone && put({ zone })} choices={zones} />
        <Select
          label={t("digest")}
          value={form.digest}
          onChange={(digest) => put({ digest })}
          choices={DIGESTS.map((id) => ({ id, label: t(`digests.${id}`) }))}
        />
        <TextField
          label={t("number")}
          hint={t("numberHint")}
          type="tel"
          autoComplete="tel"
          value={form.number}
          onChange={(number) => put({ number })}
          problem={refusal?.of("number")}
        />
        <Select
          label={t("language")}
          value={form.language}
          onChange={(language) => put({ language })}
          choices={[{ id: "", label: t("organizations") }, ...LANGUAGES.map((id) => ({ id, label: nameOf(id) }))]}
        />
      </div>
    </div>
  );
}
