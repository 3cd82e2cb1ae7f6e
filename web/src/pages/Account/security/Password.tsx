/** Choosing another password. */
import { useState } from "react";
import { graphql } from "react-relay";
import { useTranslations } from "use-intl";
import type { PasswordMutation } from "~/__generated__/PasswordMutation.graphql";
import { Refusal, useChange } from "~/changes";
import { Button } from "~/components/Button";
import { FormDialog } from "~/components/Dialog";
import { TextField } from "~/components/Field";
import { Section } from "~/components/Page";
import { tell } from "~/components/Toast";

export function Password() {
  const t = useTranslations("account.password");
  const [isOpen, setOpen] = useState(false);
  const change = <Button onPress={() => setOpen(true)}>{t("change")}</Button>;
  return (
    <Section title={t("title")} about={t("about")} actions={change}>
      {isOpen && <PasswordDialog onClose={() => setOpen(false)} />}
    </Section>
  );
}

function PasswordDialog({ onClose }: { readonly onClose: () => void }) {
  const t = useTranslations("account.password");
  const [oldPassword, setOld] = useState("");
  const [newPassword, setNew] = useState("");
  const [refusal, setRefusal] = useState<Refusal>();
  const [change, isBusy] = useChange<PasswordMutation>(graphql`
    mutation PasswordMutation($input: ChangePasswordInput!) {
      changePassword(input: $input) {
        ... on ChangePasswordSuccess {
          person {
            email
          }
        }
        ... on InvalidInputError {
          fields {
            path
            message
          }
        }
        ... on Error {
          code
          message
        }
      }
    }
  `);
  const submit = async (): Promise<void> => {
    setRefusal(undefined);
    await change({ input: { oldPassword, newPassword } }).catch((error: unknown) => {
      if (error instanceof Refusal) setRefusal(error);
      throw error;
    });
    tell(t("done"));
  };
  return (
    <FormDialog isOpen title={t("change")} isBusy={isBusy} onSubmit={submit} onClose={onClose}>
      <TextField
        label={t("old")}
        type="password"
        autoComplete="current-password"
        autoFocus
        isRequired
        value={oldPassword}
        onChange={setOld}
        problem={refusal?.of("oldPassword")}
      />
      <TextField
        label={t("next")}
        hint={t("nextHint")}
        type="password"
        autoComplete="new-password"
        isRequired
        value={newPassword}
        onChange={setNew}
        problem={refusal?.of("newPassword") ?? refusal?.of("password")}
      />
    </FormDialog>
  );
}
