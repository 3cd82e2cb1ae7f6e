/** Making an identity key: a secret of ours, or a public key of theirs. */
import { useState } from "react";
import { graphql } from "react-relay";
import { useTranslations } from "use-intl";
import type { IdentityKeyDialogMutation, IdentityKeyKind } from "~/__generated__/IdentityKeyDialogMutation.graphql";
import { Refusal, useChange } from "~/changes";
import { RadioGroup } from "~/components/Choice";
import { FormDialog } from "~/components/Dialog";
import { TextField } from "~/components/Field";
import { beginning } from "../parts/lists";

/** What was made, with what is shown this once. */
export interface Made {
  readonly name: string;
  readonly secret: string | null;
}

interface IdentityKeyDialogProps {
  readonly onMade: (made: Made) => void;
  readonly onClose: () => void;
}

const KINDS: readonly IdentityKeyKind[] = ["HMAC", "PUBLIC"];

export function IdentityKeyDialog({ onMade, onClose }: IdentityKeyDialogProps) {
  const t = useTranslations("people.identityKeys");
  const act = useTranslations("app.act");
  const [name, setName] = useState("");
  const [kind, setKind] = useState<IdentityKeyKind>("HMAC");
  const [publicKey, setPublicKey] = useState("");
  const [refusal, setRefusal] = useState<Refusal>();
  const [create, isBusy] = useChange<IdentityKeyDialogMutation>(graphql`
    mutation IdentityKeyDialogMutation($input: CreateIdentityKeyInput!) {
      createIdentityKey(input: $input) {
        ... on CreateIdentityKeySuccess {
          secret
          identityKey {
            id
            ...IdentityKeys_key
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
    const input = { name, kind, publicKey: kind === "PUBLIC" ? publicKey : null };
    try {
      const made = await create(
        { input },
        { updater: beginning("IdentityKeys_identityKeys", "createIdentityKey", "identityKey", "IdentityKeyEdge") },
      );
      if (kind === "HMAC") onMade({ name, secret: made.secret ?? null });
    } catch (error) {
      if (error instanceof Refusal) setRefusal(error);
      throw error;
    }
  };
  return (
    <FormDialog
      isOpen
      title={t("create")}
      submit={act("create")}
      isBusy={isBusy}
      isDisabled={!name.trim() || (kind === "PUBLIC" && !publicKey.trim())}
      onSubmit={submit}
      onClose={onClose}
    >
      <TextField
        label={t("name")}
        hint={t("nameHint")}
        value={name}
        onChange={setName}
        problem={refusal?.of("name")}
        autoFocus
      />
      <RadioGroup
        label={t("kind")}
        value={kind}
        onChange={setKind}
        choices={KINDS.map((id) => ({ id, label: t(`kinds.${id}`), hint: t(`kindHints.${id}`) }))}
      />
      {kind === "PUBLIC" && (
        <TextField
          label={t("publicKey")}
          lines={6}
          placeholder="-----BEGIN PUBLIC KEY-----"
          value={publicKey}
          onChange={setPublicKey}
          problem={refusal?.of("publicKey")}
        />
      )}
    </FormDialog>
  );
}
