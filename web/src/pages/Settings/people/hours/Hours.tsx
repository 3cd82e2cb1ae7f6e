/** When people are there. */
import { useState } from "react";
import { graphql, useFragment, useLazyLoadQuery } from "react-relay";
import { useTranslations } from "use-intl";
import type { Hours_settings$key } from "~/__generated__/Hours_settings.graphql";
import type { HoursQuery } from "~/__generated__/HoursQuery.graphql";
import { Button } from "~/components/Button";
import { ComboBox, RadioGroup } from "~/components/Choice";
import { Notice } from "~/components/Feedback";
import { Page, Section } from "~/components/Page";
import { tell, useTellProblem } from "~/components/Toast";
import { useSettings } from "../organization/settings";
import { Holidays } from "./Holidays";
import { WeekEditor } from "./WeekEditor";
import { hoursOf, isRight, OFFICE, weekOf } from "./week";

const ZONES = Intl.supportedValuesOf("timeZone");
const HERE = Intl.DateTimeFormat().resolvedOptions().timeZone;

export default function Hours() {
  const t = useTranslations("people.hours");
  const { organization } = useLazyLoadQuery<HoursQuery>(
    graphql`
      query HoursQuery {
        organization {
          id
          settings {
            ...Hours_settings
          }
        }
      }
    `,
    {},
    { fetchPolicy: "store-and-network" },
  );
  return (
    <Page title={t("title")} about={t("about")}>
      {organization.settings && <HoursForm settings={organization.settings} />}
    </Page>
  );
}

type Mode = "always" | "byHours";

interface HoursFormProps {
  readonly settings: Hours_settings$key;
  /** Where nothing is decided yet, office hours are proposed. */
  readonly isProposing?: boolean;
}

export function HoursForm({ settings, isProposing = false }: HoursFormProps) {
  const t = useTranslations("people.hours");
  const act = useTranslations("app.act");
  const tellProblem = useTellProblem();
  const { businessHours: before } = useFragment(
    graphql`
      fragment Hours_settings on OrganizationSettings {
        businessHours {
          zone
          week {
            day
            opens
            closes
          }
          holidays
        }
      }
    `,
    settings,
  );
  const [mode, setMode] = useState<Mode>((before?.week.length ?? 0) > 0 || isProposing ? "byHours" : "always");
  const [zone, setZone] = useState(before?.zone ?? HERE);
  const [week, setWeek] = useState(() => (before && before.week.length > 0 ? weekOf(before.week) : OFFICE));
  const [holidays, setHolidays] = useState<readonly string[]>(() => (before?.holidays ?? []) as readonly string[]);
  const [change, isBusy] = useSettings();
  const spans = mode === "always" ? [] : hoursOf(week);
  const save = (): void => {
    change({ businessHours: { zone, week: spans, holidays } }).then(() => tell(t("saved")), tellProblem);
  };
  return (
    <>
      <Section>
        <RadioGroup
          label={t("mode")}
          value={mode}
          onChange={setMode}
          choices={[
            { id: "always", label: t("always") },
            { id: "byHours", label: t("byHours") },
          ]}
        />
      </Section>
      {mode === "byHours" && (
        <>
          <Section title={t("week")} about={t("midnight")}>
            <div className="flex flex-col gap-4">
              <ComboBox
                label={t("zone")}
                value={zone}
                onChange={(chosen) => chosen && setZone(chosen)}
                choices={ZONES.includes(zone) ? CHOICES : [{ id: zone, label: zone }, ...CHOICES]}
                className="max-w-xs"
              />
              <WeekEditor week={week} onChange={setWeek} />
            </div>
          </Section>
          <Section title={t("holidays")}>
            <Holidays days={holidays} onChange={setHolidays} />
          </Section>
        </>
      )}
      {mode === "byHours" && spans.length === 0 && <Notice tone="warning">{t("noHours")}</Notice>}
      <div className="flex justify-end">
        <Button look="primary" isBusy={isBusy} isDisabled={mode === "byHours" && !isRight(week)} onPress={save}>
          {act("save")}
        </Button>
      </div>
    </>
  );
}

const CHOICES = ZONES.map((id) => ({ id, label: id.replaceAll("_", " ") }));
