/** A macro being made or changed: its text with variables, what it does beside, and how that reads. */
import { useState } from "react";
import { graphql } from "react-relay";
import { useTranslations } from "use-intl";
import type { MacroDialogChangeMutation } from "~/__generated__/MacroDialogChangeMutation.graphql";
import type { MacroDialogCreateMutation } from "~/__generated__/MacroDialogCreateMutation.graphql";
import type { Macros_macro$data } from "~/__generated__/Macros_macro.graphql";
import { useMay } from "~/app/viewer";
import { Refusal, useChange } from "~/changes";
import { Switch } from "~/components/Choice";
import { FormDialog } from "~/components/Dialog";
import { TextField } from "~/components/Field";
import { added } from "../parts/added";
import type { Choices, Definition } from "../parts/choices";
import { EffectFields } from "./EffectFields";
import { type Effects, effectsOf, inputOf, NOTHING } from "./effects";
import { TemplateField } from "./TemplateField";

interface MacroDialogProps {
  readonly macro: Macros_macro$data | null;
  readonly tags: Choices;
  readonly definitions: readonly Definition[];
  readonly onClose: () => void;
}

export function MacroDialog({ macro, tags, definitions, onClose }: MacroDialogProps) {
  const t = useTranslations("desk.macros");
  const act = useTranslations("app.act");
  const mayShare = useMay("MANAGE_DESK") && !macro;
  const [draft, setDraft] = useState(() => draftOf(macro));
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  const [save, isBusy] = useSave(macro?.id);
  const set = (part: Partial<Draft>): void => setDraft({ ...draft, ...part });
  const submit = async (): Promise<void> => {
    setRefusal(null);
    await save(draft).catch((error: unknown) => {
      if (error instanceof Refusal) setRefusal(error);
      throw error;
    });
  };
  return (
    <FormDialog
      isOpen
      size="wide"
      title={t(macro ? "change" : "create")}
      submit={macro ? undefined : act("create")}
      isBusy={isBusy}
      isDisabled={draft.name.trim() === ""}
      onSubmit={submit}
      onClose={onClose}
    >
      <TextField
        label={t("name")}
        value={draft.name}
        onChange={(name) => set({ name })}
        problem={refusal?.of("name")}
        maxLength={100}
        autoFocus
      />
      <TemplateField
        value={draft.text}
        definitions={definitions}
        onChange={(text) => set({ text })}
        problem={refusal?.of("text")}
      />
      <EffectFields
        effects={draft.effects}
        onChange={(effects) => set({ effects })}
        tags={tags}
        definitions={definitions}
      />
      {mayShare && (
        <Switch isSelected={draft.isShared} onChange={(isShared) => set({ isShared })}>
          {t("shared")}
        </Switch>
      )}
    </FormDialog>
  );
}

interface Draft {
  readonly name: string;
  readonly text: string;
  readonly effects: Effects;
  readonly isShared: boolean;
}

function draftOf(macro: Macros_macro$data | null): Draft {
  if (!macro) return { name: "", text: "", effects: NOTHING, isShared: false };
  return { name: macro.name, text: macro.text ?? "", effects: effectsOf(macro.actions), isShared: macro.isShared };
}

/** Make a macro, or change the one of this id. */
function useSave(id: string | undefined): [(draft: Draft) => Promise<unknown>, boolean] {
  const [create, isCreating] = useChange<MacroDialogCreateMutation>(graphql`
    mutation MacroDialogCreateMutation($input: CreateMacroInput!) {
      createMacro(input: $input) {
        ... on CreateMacroSuccess {
          macro {
            id
            ...Macros_macro
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
  const [change, isChanging] = useChange<MacroDialogChangeMutation>(graphql`
    mutation MacroDialogChangeMutation($input: ChangeMacroInput!) {
      changeMacro(input: $input) {
        ... on ChangeMacroSuccess {
          macro {
            ...Macros_macro
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
  const save = ({ name, text, effects, isShared }: Draft): Promise<unknown> => {
    const input = { name, text, actions: inputOf(effects) };
    if (id) return change({ input: { macroId: id, ...input } });
    return create({ input: { ...input, isShared } }, { updater: added("createMacro", "macro", "macros") });
  };
  return [save, isCreating || isChanging];
}
