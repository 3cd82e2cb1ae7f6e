/** What is either on or off for the whole organization, at once. */
import { graphql, useFragment } from "react-relay";
import { useTranslations } from "use-intl";
import type { Switches_settings$key } from "~/__generated__/Switches_settings.graphql";
import { Switch } from "~/components/Choice";
import { useTellProblem } from "~/components/Toast";
import { useSettings } from "./settings";

const SWITCHES = graphql`
  fragment Switches_settings on OrganizationSettings {
    assistant {
      enabled
      threshold
    }
    signIn {
      password
    }
  }
`;

export function AssistantSwitch({ settings: key }: { readonly settings: Switches_settings$key }) {
  const t = useTranslations("people.organization");
  const { assistant } = useFragment(SWITCHES, key);
  const [change] = useSettings();
  return (
    <Decision
      label={t("assistantOn")}
      hint={t("assistantHint")}
      isOn={assistant.enabled}
      onChange={(enabled) => change({ assistant: { enabled, threshold: assistant.threshold } })}
    />
  );
}

export function PasswordSwitch({ settings: key }: { readonly settings: Switches_settings$key }) {
  const t = useTranslations("people.organization");
  const { signIn } = useFragment(SWITCHES, key);
  const [change] = useSettings();
  return (
    <Decision
      label={t("password")}
      hint={t("passwordHint")}
      isOn={signIn.password}
      onChange={(password) => change({ signIn: { password } })}
    />
  );
}

interface DecisionProps {
  readonly label: string;
  readonly hint: string;
  readonly isOn: boolean;
  readonly onChange: (isOn: boolean) => Promise<unknown>;
}

/** A switch with what follows from it. */
export function Decision({ label, hint, isOn, onChange }: DecisionProps) {
  const tellProblem = useTellProblem();
  return (
    <div className="flex flex-col gap-0.5">
      <Switch isSelected={isOn} onChange={(chosen) => void onChange(chosen).catch(tellProblem)}>
        {label}
      </Switch>
      <p className="ps-11 text-ink-faint text-xs">{hint}</p>
    </div>
  );
}
