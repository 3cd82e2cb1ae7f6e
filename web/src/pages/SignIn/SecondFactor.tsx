/** The other half of a sign-in: a code of the app, or one that was kept for the day without it. */
import { useState } from "react";
import { useTranslations } from "use-intl";
import { Button } from "~/components/Button";
import { TextField } from "~/components/Field";
import { DoorForm } from "./frame/Door";

interface SecondFactorProps {
  readonly onEnter: (code: { code: string } | { recovery_code: string }) => void;
  readonly onStartOver: () => void;
  readonly isBusy: boolean;
}

export function SecondFactor({ onEnter, onStartOver, isBusy }: SecondFactorProps) {
  const t = useTranslations("signIn");
  const [isRecovery, setRecovery] = useState(false);
  const [code, setCode] = useState("");
  const given = code.trim();
  return (
    <DoorForm onSubmit={() => onEnter(isRecovery ? { recovery_code: given } : { code: given })}>
      <TextField
        key={isRecovery ? "recovery" : "app"}
        label={t(isRecovery ? "recoveryCode" : "code")}
        hint={t(isRecovery ? "recoveryHint" : "codeHint")}
        name="code"
        autoComplete="one-time-code"
        inputMode={isRecovery ? "text" : "numeric"}
        autoFocus
        isRequired
        value={code}
        onChange={setCode}
      />
      <Button type="submit" look="primary" isBusy={isBusy}>
        {t("verify")}
      </Button>
      <div className="flex flex-wrap justify-center gap-1">
        <Button
          look="quiet"
          onPress={() => {
            setCode("");
            setRecovery(!isRecovery);
          }}
        >
          {t(isRecovery ? "useCode" : "recovery")}
        </Button>
        <Button look="quiet" onPress={onStartOver}>
          {t("startOver")}
        </Button>
      </div>
    </DoorForm>
  );
}
