/** How sure the assistant has to be to answer, tried on questions that customers have asked. */
import { useState } from "react";
import { Label, Slider, SliderOutput, SliderThumb, SliderTrack } from "react-aria-components";
import { graphql, useLazyLoadQuery } from "react-relay";
import { useTranslations } from "use-intl";
import type { ConfidenceMutation } from "~/__generated__/ConfidenceMutation.graphql";
import type { ConfidenceQuery } from "~/__generated__/ConfidenceQuery.graphql";
import { useMay } from "~/app/viewer";
import { useChange } from "~/changes";
import { Button, ButtonLink } from "~/components/Button";
import { Switch } from "~/components/Choice";
import { Notice, Problem } from "~/components/Feedback";
import { Page, Section } from "~/components/Page";
import { Tried } from "./Tried";

/** The assistant's own choice, where the organization has made none: see docs/assistant.md. */
const OWN = 0.45;

export default function Confidence() {
  const t = useTranslations("assistant.confidence");
  const { organization } = useLazyLoadQuery<ConfidenceQuery>(
    graphql`
      query ConfidenceQuery {
        organization {
          id
          settings {
            assistant {
              enabled
              threshold
            }
          }
        }
      }
    `,
    {},
    { fetchPolicy: "store-and-network" },
  );
  const stored = organization.settings?.assistant ?? { enabled: true, threshold: null };
  const mayRead = useMay("READ_CONVERSATIONS");
  const [threshold, setThreshold] = useState(stored.threshold ?? OWN);
  return (
    <Page title={t("title")} about={t("about")}>
      <Settings stored={stored} threshold={threshold} onChange={setThreshold} />
      {mayRead && <Tried threshold={threshold} />}
      <p className="text-ink-muted">
        {t("tryHint")} <ButtonLink to="/knowledge/try">{t("try")}</ButtonLink>
      </p>
    </Page>
  );
}

interface Stored {
  readonly enabled: boolean;
  readonly threshold?: number | null;
}

interface SettingsProps {
  readonly stored: Stored;
  readonly threshold: number;
  readonly onChange: (threshold: number) => void;
}

function Settings({ stored, threshold, onChange }: SettingsProps) {
  const t = useTranslations("assistant.confidence");
  const act = useTranslations("app.act");
  const [problem, setProblem] = useState<unknown>(null);
  const [change, isBusy] = useSettings();
  const save = (assistant: Stored): void => {
    setProblem(null);
    change({ input: { assistant } }).catch(setProblem);
  };
  const isChanged = threshold !== (stored.threshold ?? OWN);
  return (
    <Section>
      <div className="flex flex-col gap-5">
        <Switch isSelected={stored.enabled} isDisabled={isBusy} onChange={(enabled) => save({ ...stored, enabled })}>
          {t("enabled")}
        </Switch>
        {!stored.enabled && <Notice tone="warning">{t("disabled")}</Notice>}
        <Threshold value={threshold} onChange={onChange} />
        <p className="text-ink-muted text-xs">
          {t(typeof stored.threshold === "number" ? "chosen" : "own")} {t("models")}
        </p>
        <Problem of={problem} />
        <div className="flex gap-2">
          <Button
            look="primary"
            isBusy={isBusy}
            isDisabled={!isChanged}
            onPress={() => save({ enabled: stored.enabled, threshold })}
          >
            {act("save")}
          </Button>
          {isChanged && (
            <Button look="quiet" onPress={() => onChange(stored.threshold ?? OWN)}>
              {act("cancel")}
            </Button>
          )}
        </div>
      </div>
    </Section>
  );
}

function Threshold({ value, onChange }: { readonly value: number; readonly onChange: (value: number) => void }) {
  const t = useTranslations("assistant.confidence");
  return (
    <Slider
      value={value}
      onChange={onChange}
      minValue={0}
      maxValue={1}
      step={0.01}
      formatOptions={{ style: "percent" }}
      className="flex max-w-lg flex-col gap-2"
    >
      <div className="flex justify-between text-sm">
        <Label className="font-medium">{t("threshold")}</Label>
        <SliderOutput className="tabular-nums" />
      </div>
      <SliderTrack className="relative h-6 w-full before:absolute before:inset-x-0 before:top-1/2 before:h-1 before:-translate-y-1/2 before:rounded-full before:bg-line-strong">
        <SliderThumb className="top-1/2 size-5 rounded-full border-2 border-surface bg-accent shadow-popup focus-visible:outline-2 focus-visible:outline-accent-ink focus-visible:outline-offset-2" />
      </SliderTrack>
      <div className="flex justify-between text-ink-muted text-xs">
        <span>{t("low")}</span>
        <span>{t("high")}</span>
      </div>
    </Slider>
  );
}

function useSettings() {
  return useChange<ConfidenceMutation>(graphql`
    mutation ConfidenceMutation($input: ChangeSettingsInput!) {
      changeSettings(input: $input) {
        ... on ChangeSettingsSuccess {
          organization {
            id
            settings {
              assistant {
                enabled
                threshold
              }
            }
          }
        }
        ... on Error {
          code
          message
        }
      }
    }
  `);
}
