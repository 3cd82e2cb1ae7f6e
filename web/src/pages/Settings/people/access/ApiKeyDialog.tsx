/** Making a key for a machine: what it is for, what it may do, and how much of it. */
import { Suspense, useState } from "react";
import { graphql, useLazyLoadQuery } from "react-relay";
import { useTranslations } from "use-intl";
import type { ApiKeyDialogMutation } from "~/__generated__/ApiKeyDialogMutation.graphql";
import type { ApiKeyDialogQuery } from "~/__generated__/ApiKeyDialogQuery.graphql";
import { Refusal, useChange } from "~/changes";
import { FormDialog } from "~/components/Dialog";
import { Skeleton } from "~/components/Feedback";
import { NumberField, TextField } from "~/components/Field";
import { beginning } from "../parts/lists";
import { GrantsField } from "../roles/GrantsField";
import { asInput, type Grants } from "../roles/grants";
import type { Made } from "./IdentityKeyDialog";

interface ApiKeyDialogProps {
  readonly onMade: (made: Made) => void;
  readonly onClose: () => void;
}

const EMPTY = { name: "", expires: "", capacity: Number.NaN, perSecond: Number.NaN, grants: new Map() as Grants };

export default function ApiKeyDialog({ onMade, onClose }: ApiKeyDialogProps) {
  const t = useTranslations("people.apiKeys");
  const act = useTranslations("app.act");
  const [form, setForm] = useState(EMPTY);
  const [refusal, setRefusal] = useState<Refusal>();
  const [create, isBusy] = useCreate();
  const put = (part: Partial<typeof EMPTY>): void => setForm({ ...form, ...part });
  const submit = async (): Promise<void> => {
    setRefusal(undefined);
    try {
      onMade({ name: form.name, secret: await create(form) });
    } catch (error) {
      if (error instanceof Refusal) setRefusal(error);
      throw error;
    }
  };
  return (
    <FormDialog
      isOpen
      size="wide"
      title={t("create")}
      submit={act("create")}
      isBusy={isBusy}
      isDisabled={!form.name.trim() || form.grants.size === 0}
      onSubmit={submit}
      onClose={onClose}
    >
      <TextField
        label={t("name")}
        hint={t("nameHint")}
        value={form.name}
        onChange={(name) => put({ name })}
        problem={refusal?.of("name")}
        autoFocus
      />
      <div className="grid gap-4 sm:grid-cols-3">
        <TextField
          label={t("expires")}
          hint={t("expiresHint")}
          type="date"
          value={form.expires}
          onChange={(expires) => put({ expires })}
          problem={refusal?.of("expiresAt")}
        />
        <NumberField
          label={t("capacity")}
          hint={t("budgetHint")}
          minValue={1}
          value={form.capacity}
          onChange={(capacity) => put({ capacity })}
          problem={refusal?.of("costCapacity")}
        />
        <NumberField
          label={t("perSecond")}
          hint={t("budgetHint")}
          minValue={1}
          value={form.perSecond}
          onChange={(perSecond) => put({ perSecond })}
          problem={refusal?.of("costPerSecond")}
        />
      </div>
      <Suspense fallback={<Skeleton lines={8} />}>
        <Permissions value={form.grants} onChange={(grants) => put({ grants })} />
      </Suspense>
    </FormDialog>
  );
}

function Permissions({ value, onChange }: { readonly value: Grants; readonly onChange: (grants: Grants) => void }) {
  const { permissions } = useLazyLoadQuery<ApiKeyDialogQuery>(
    graphql`
      query ApiKeyDialogQuery {
        permissions {
          ...GrantsField_permissions
        }
      }
    `,
    {},
  );
  return <GrantsField permissions={permissions} value={value} onChange={onChange} onlyAll />;
}

/** Make the key; gives what is shown this once. A key ends with the day that was chosen, where the person is. */
function useCreate(): [(form: typeof EMPTY) => Promise<string | null>, boolean] {
  const [create, isBusy] = useChange<ApiKeyDialogMutation>(graphql`
    mutation ApiKeyDialogMutation($input: CreateApiKeyInput!) {
      createApiKey(input: $input) {
        ... on CreateApiKeySuccess {
          secret
          apiKey {
            id
            ...ApiKeys_key
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
  const make = async ({ name, expires, capacity, perSecond, grants }: typeof EMPTY): Promise<string | null> => {
    const input = {
      name,
      grants: asInput(grants),
      expiresAt: expires ? new Date(`${expires}T23:59:59`).toISOString() : null,
      costCapacity: given(capacity),
      costPerSecond: given(perSecond),
    };
    const updater = beginning("ApiKeys_apiKeys", "createApiKey", "apiKey", "ApiKeyEdge");
    return (await create({ input }, { updater })).secret ?? null;
  };
  return [make, isBusy];
}

function given(number: number): number | null {
  return Number.isNaN(number) ? null : number;
}
