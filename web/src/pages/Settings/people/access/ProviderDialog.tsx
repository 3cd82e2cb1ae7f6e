/** Setting up an identity provider, or changing one; its secret is never shown again. */
import { useState } from "react";
import { graphql } from "react-relay";
import { useTranslations } from "use-intl";
import type { ProviderDialogChangeMutation } from "~/__generated__/ProviderDialogChangeMutation.graphql";
import type { ProviderDialogCreateMutation } from "~/__generated__/ProviderDialogCreateMutation.graphql";
import type { Providers_provider$data } from "~/__generated__/Providers_provider.graphql";
import { useViewer } from "~/app/viewer";
import { Refusal, useChange } from "~/changes";
import { Switch } from "~/components/Choice";
import { FormDialog } from "~/components/Dialog";
import { TextField } from "~/components/Field";
import { Copy } from "../parts/Copy";
import { joining } from "../parts/lists";

interface ProviderDialogProps {
  readonly provider: Providers_provider$data | null;
  readonly onClose: () => void;
}

interface Form {
  readonly name: string;
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly enabled: boolean;
}

const NEW: Form = { name: "", issuer: "", clientId: "", clientSecret: "", enabled: true };

export function ProviderDialog({ provider, onClose }: ProviderDialogProps) {
  const t = useTranslations("people.providers");
  const isOwner = useViewer().agent?.role === "owner";
  const [form, setForm] = useState<Form>(provider ? { ...NEW, ...provider } : NEW);
  const [refusal, setRefusal] = useState<Refusal>();
  const [save, isBusy] = useSave(provider, isOwner);
  const field = (name: "name" | "issuer" | "clientId" | "clientSecret") => ({
    label: t(name),
    value: form[name],
    onChange: (value: string) => setForm({ ...form, [name]: value }),
    problem: refusal?.of(name),
    isDisabled: !isOwner,
  });
  const submit = async (): Promise<void> => {
    setRefusal(undefined);
    await save(form).catch((error: unknown) => {
      if (error instanceof Refusal) setRefusal(error);
      throw error;
    });
  };
  return (
    <FormDialog isOpen title={t(provider ? "change" : "create")} isBusy={isBusy} onSubmit={submit} onClose={onClose}>
      <TextField {...field("name")} hint={t("nameHint")} autoFocus isRequired />
      <TextField {...field("issuer")} hint={t("issuerHint")} isRequired isDisabled={Boolean(provider)} />
      <TextField {...field("clientId")} isRequired />
      <TextField
        {...field("clientSecret")}
        hint={provider ? t("clientSecretKept") : undefined}
        type="password"
        autoComplete="off"
        isRequired={!provider}
      />
      {provider && (
        <>
          <Switch isSelected={form.enabled} onChange={(enabled) => setForm({ ...form, enabled })}>
            {t("enabled")}
          </Switch>
          <Copy label={t("logout")} text={logoutAddress(provider.id)} />
        </>
      )}
    </FormDialog>
  );
}

/** Where the provider tells that somebody left: its own id stands in our opaque one. */
function logoutAddress(id: string): string {
  return `${location.origin}/auth/oidc/${atob(id).split(":")[1]}/back-channel-logout`;
}

/** Set up a provider, or change this one; who is no owner can do no more than switch it off. */
function useSave(
  provider: Providers_provider$data | null,
  isOwner: boolean,
): [(form: Form) => Promise<unknown>, boolean] {
  const [create, isCreating] = useChange<ProviderDialogCreateMutation>(graphql`
    mutation ProviderDialogCreateMutation($input: CreateIdentityProviderInput!) {
      createIdentityProvider(input: $input) {
        ... on CreateIdentityProviderSuccess {
          identityProvider {
            id
            ...Providers_provider
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
  const [change, isChanging] = useChange<ProviderDialogChangeMutation>(graphql`
    mutation ProviderDialogChangeMutation($input: ChangeIdentityProviderInput!) {
      changeIdentityProvider(input: $input) {
        ... on ChangeIdentityProviderSuccess {
          identityProvider {
            ...Providers_provider
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
  const save = ({ name, issuer, clientId, clientSecret, enabled }: Form): Promise<unknown> => {
    if (!provider)
      return create(
        { input: { name, issuer, clientId, clientSecret } },
        { updater: joining("identityProviders", "createIdentityProvider", "identityProvider") },
      );
    const identityProviderId = provider.id;
    const all = { identityProviderId, name, clientId, clientSecret: clientSecret || null, enabled };
    return change({ input: isOwner ? all : { identityProviderId, enabled } });
  };
  return [save, isCreating || isChanging];
}
