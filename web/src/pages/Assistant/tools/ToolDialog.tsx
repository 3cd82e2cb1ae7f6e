/** A tool being defined or changed: what models are told, where it is called, and under which conditions. */
import { useState } from "react";
import { useTranslations } from "use-intl";
import { Refusal } from "~/changes";
import { RadioGroup, Select, Switch } from "~/components/Choice";
import { FormDialog } from "~/components/Dialog";
import { Notice } from "~/components/Feedback";
import { NumberField, TextField } from "~/components/Field";
import { type Definition, definitionOf, isWhole, METHODS, type Tool } from "./definition";
import { JsonField } from "./JsonField";
import { useSaveTool } from "./saving";

interface ToolDialogProps {
  readonly tool: Tool | null;
  readonly connection: string;
  /** The key that its calls are signed with, where one was made. */
  readonly onKey: (key: string) => void;
  readonly onClose: () => void;
}

export function ToolDialog({ tool, connection, onKey, onClose }: ToolDialogProps) {
  const t = useTranslations("assistant.tools");
  const act = useTranslations("app.act");
  const [definition, setDefinition] = useState(() => definitionOf(tool));
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  const [save, isBusy] = useSaveTool(tool, connection);
  const isRemote = Boolean(tool?.mcpServer);
  const submit = async (): Promise<void> => {
    setRefusal(null);
    try {
      const key = await save(definition);
      if (key) onKey(key);
    } catch (error) {
      if (error instanceof Refusal) setRefusal(error);
      throw error;
    }
  };
  const part: PartProps = {
    definition,
    set: (some) => setDefinition({ ...definition, ...some }),
    problem: (path) => refusal?.of(path),
  };
  return (
    <FormDialog
      isOpen
      size="wide"
      title={tool ? t("change", { title: tool.title }) : t("create")}
      submit={tool ? undefined : act("create")}
      isBusy={isBusy}
      isDisabled={!isWhole(definition, isRemote)}
      onSubmit={submit}
      onClose={onClose}
    >
      {isRemote && <Notice>{t("remote")}</Notice>}
      <Words {...part} isRemote={isRemote} />
      {!isRemote && <Address {...part} isNew={!tool} hasSecret={Boolean(tool?.secretHeader)} />}
      <Conditions {...part} />
    </FormDialog>
  );
}

interface PartProps {
  readonly definition: Definition;
  readonly set: (some: Partial<Definition>) => void;
  readonly problem: (path: string) => string | undefined;
}

function Words({ definition, set, problem, isRemote }: PartProps & { readonly isRemote: boolean }) {
  const t = useTranslations("assistant.tools");
  return (
    <>
      <div className="grid gap-4 sm:grid-cols-2">
        <TextField
          label={t("titleField")}
          hint={t("titleHint")}
          value={definition.title}
          onChange={(title) => set({ title })}
          problem={problem("title")}
          maxLength={100}
          autoFocus
        />
        {!isRemote && (
          <TextField
            label={t("name")}
            hint={t("nameHint")}
            value={definition.name}
            onChange={(name) => set({ name })}
            problem={problem("name")}
            maxLength={64}
            spellCheck="false"
          />
        )}
      </div>
      {!isRemote && (
        <>
          <TextField
            label={t("description")}
            hint={t("descriptionHint")}
            value={definition.description}
            onChange={(description) => set({ description })}
            problem={problem("description")}
            maxLength={2000}
            lines={3}
          />
          <JsonField
            label={t("parameters")}
            hint={t("parametersHint")}
            value={definition.parameters}
            onChange={(parameters) => set({ parameters })}
            problem={problem("parameters")}
          />
        </>
      )}
    </>
  );
}

interface AddressProps extends PartProps {
  readonly isNew: boolean;
  readonly hasSecret: boolean;
}

function Address({ definition, set, problem, isNew, hasSecret }: AddressProps) {
  const t = useTranslations("assistant.tools");
  return (
    <>
      <div className="grid gap-4 sm:grid-cols-[8rem_1fr]">
        <Select
          label={t("method")}
          value={definition.method}
          onChange={(method) => set({ method })}
          choices={METHODS.map((id) => ({ id, label: id }))}
        />
        <TextField
          label={t("url")}
          hint={t("urlHint", { example: "{order}" })}
          value={definition.url}
          onChange={(url) => set({ url })}
          problem={problem("url")}
          type="url"
          spellCheck="false"
        />
      </div>
      <div className="grid gap-4 sm:grid-cols-2">
        <TextField
          label={t("secretHeader")}
          placeholder="Authorization"
          value={definition.secretHeader}
          onChange={(secretHeader) => set({ secretHeader })}
          problem={problem("secretHeader")}
          spellCheck="false"
        />
        <TextField
          label={t("secret")}
          hint={t(hasSecret ? "secretKept" : "secretHint")}
          value={definition.secret}
          onChange={(secret) => set({ secret })}
          problem={problem("secret")}
          type="password"
          autoComplete="off"
        />
      </div>
      {!isNew && (
        <Switch isSelected={definition.renewSigningKey} onChange={(renewSigningKey) => set({ renewSigningKey })}>
          {t("renew")}
        </Switch>
      )}
    </>
  );
}

function Conditions({ definition, set, problem }: PartProps) {
  const t = useTranslations("assistant.tools");
  const isActing = definition.kind === "ACTING";
  return (
    <>
      <RadioGroup
        label={t("kind")}
        value={definition.kind}
        onChange={(kind) => set({ kind })}
        choices={[
          { id: "READ", label: t("kinds.READ"), hint: t("readHint") },
          { id: "ACTING", label: t("kinds.ACTING"), hint: t("actingHint") },
        ]}
      />
      <Switch
        isSelected={isActing && definition.needsApproval}
        isDisabled={!isActing}
        onChange={(needsApproval) => set({ needsApproval })}
      >
        {t("needsApproval")}
      </Switch>
      <Switch
        isSelected={definition.needsVerifiedCustomer}
        onChange={(needsVerifiedCustomer) => set({ needsVerifiedCustomer })}
      >
        {t("needsVerified")}
      </Switch>
      <div className="grid gap-4 sm:grid-cols-3">
        <TextField
          label={t("redactedInput")}
          hint={t("redactedHint")}
          value={definition.redactedInput}
          onChange={(redactedInput) => set({ redactedInput })}
          problem={problem("redactedInput")}
          lines={2}
        />
        <TextField
          label={t("redactedOutput")}
          hint={t("redactedOutputHint")}
          value={definition.redactedOutput}
          onChange={(redactedOutput) => set({ redactedOutput })}
          problem={problem("redactedOutput")}
          lines={2}
        />
        <NumberField
          label={t("timeLimit")}
          value={definition.timeLimit}
          onChange={(timeLimit) => set({ timeLimit })}
          problem={problem("timeLimit")}
          minValue={1}
          maxValue={30}
        />
      </div>
    </>
  );
}
