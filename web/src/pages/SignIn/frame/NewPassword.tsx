/** A password that somebody chooses: typed once, and shown if they like. */
import { useState } from "react";
import { useTranslations } from "use-intl";
import { Checkbox } from "~/components/Choice";
import { TextField } from "~/components/Field";

interface NewPasswordProps {
  readonly label?: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly problem?: string;
  readonly autoFocus?: boolean;
}

export function NewPassword({ label, value, onChange, problem, autoFocus }: NewPasswordProps) {
  const t = useTranslations("signIn");
  const [isShown, setShown] = useState(false);
  return (
    <div className="flex flex-col gap-2">
      <TextField
        label={label ?? t("password")}
        hint={t("newPasswordHint")}
        problem={problem}
        type={isShown ? "text" : "password"}
        name="password"
        autoComplete="new-password"
        isRequired
        autoFocus={autoFocus}
        value={value}
        onChange={onChange}
      />
      <Checkbox isSelected={isShown} onChange={setShown}>
        {t("showPassword")}
      </Checkbox>
    </div>
  );
}
