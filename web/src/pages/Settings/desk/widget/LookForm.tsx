/** How the widget of one inbox looks, and what it says first. */
import { Plus, X } from "lucide-react";
import { useState } from "react";
import { graphql, useFragment } from "react-relay";
import type { RecordSourceSelectorProxy } from "relay-runtime";
import { useTranslations } from "use-intl";
import type { LookForm_widget$key } from "~/__generated__/LookForm_widget.graphql";
import type { LookFormMutation } from "~/__generated__/LookFormMutation.graphql";
import { Refusal, useChange } from "~/changes";
import { Button, IconButton } from "~/components/Button";
import { RadioGroup } from "~/components/Choice";
import { Problem } from "~/components/Feedback";
import { TextField } from "~/components/Field";
import { tell } from "~/components/Toast";

interface LookFormProps {
  readonly inboxId: string;
  readonly widget: LookForm_widget$key;
  readonly onSaved: () => void;
}

interface Greeting {
  readonly language: string;
  readonly text: string;
}

export function LookForm({ inboxId, widget: key, onSaved }: LookFormProps) {
  const t = useTranslations("desk.widget");
  const act = useTranslations("app.act");
  const widget = useFragment(
    graphql`
      fragment LookForm_widget on Widget {
        accent
        side
        launcherLabel
        privacyLink
        greetings {
          language
          text
        }
      }
    `,
    key,
  );
  const [draft, setDraft] = useState(() => ({
    accent: widget.accent,
    side: widget.side,
    launcherLabel: widget.launcherLabel ?? "",
    privacyLink: widget.privacyLink ?? "",
    greetings: widget.greetings.map(({ language, text }): Greeting => ({ language, text })),
  }));
  const set = (part: Partial<typeof draft>): void => setDraft({ ...draft, ...part });
  const [problem, setProblem] = useState<unknown>(null);
  const [save, isBusy] = useSave();
  const refusal = problem instanceof Refusal ? problem : null;
  const submit = (): void => {
    setProblem(null);
    const done = (): void => {
      tell(t("saved"));
      onSaved();
    };
    const greetings = draft.greetings.filter(({ text }) => text.trim() !== "");
    const updater = (store: RecordSourceSelectorProxy): void => {
      const changed = store.getRootField("changeWidget")?.getLinkedRecord("widget");
      if (changed) store.getRoot().setLinkedRecord(changed, "widget", { inboxId });
    };
    save({ input: { inboxId, ...draft, greetings } }, { updater }).then(done, setProblem);
  };
  return (
    <div className="flex flex-col gap-4">
      <div className="grid gap-4 sm:grid-cols-2">
        <div className="flex items-start gap-2">
          <TextField
            label={t("accent")}
            hint={t("accentHint")}
            className="flex-1"
            value={draft.accent}
            onChange={(accent) => set({ accent })}
            problem={refusal?.of("accent")}
          />
          <input
            type="color"
            aria-label={t("accent")}
            value={draft.accent}
            onChange={(event) => set({ accent: event.target.value })}
            className="mt-6 size-8 shrink-0 rounded-md border border-line bg-surface p-0.5"
          />
        </div>
        <TextField
          label={t("launcher")}
          maxLength={40}
          value={draft.launcherLabel}
          onChange={(launcherLabel) => set({ launcherLabel })}
          problem={refusal?.of("launcherLabel")}
        />
      </div>
      <RadioGroup
        label={t("side")}
        value={draft.side}
        onChange={(side) => set({ side })}
        choices={(["END", "START"] as const).map((id) => ({ id, label: t(`sides.${id}`) }))}
      />
      <TextField
        label={t("privacy")}
        type="url"
        value={draft.privacyLink}
        onChange={(privacyLink) => set({ privacyLink })}
        problem={refusal?.of("privacyLink")}
      />
      <Greetings greetings={draft.greetings} onChange={(greetings) => set({ greetings })} />
      <Problem of={problem} />
      <Button look="primary" className="self-start" isBusy={isBusy} onPress={submit}>
        {act("save")}
      </Button>
    </div>
  );
}

interface GreetingsProps {
  readonly greetings: readonly Greeting[];
  readonly onChange: (greetings: Greeting[]) => void;
}

function Greetings({ greetings, onChange }: GreetingsProps) {
  const t = useTranslations("desk.widget");
  return (
    <fieldset className="flex flex-col gap-2">
      <legend className="mb-1 font-medium text-sm">{t("greetings")}</legend>
      {greetings.map((greeting, index) => (
        <div key={index} className="flex items-end gap-2">
          <TextField
            label={t("language")}
            className="w-20"
            value={greeting.language}
            onChange={(language) => onChange(greetings.with(index, { ...greeting, language }))}
          />
          <TextField
            label={t("greeting")}
            className="flex-1"
            value={greeting.text}
            onChange={(text) => onChange(greetings.with(index, { ...greeting, text }))}
          />
          <IconButton icon={X} label={t("dropGreeting")} onPress={() => onChange(greetings.toSpliced(index, 1))} />
        </div>
      ))}
      <Button
        look="quiet"
        icon={Plus}
        className="self-start"
        onPress={() => onChange([...greetings, { language: greetings.length === 0 ? "en" : "", text: "" }])}
      >
        {t("addGreeting")}
      </Button>
    </fieldset>
  );
}

function useSave() {
  return useChange<LookFormMutation>(graphql`
    mutation LookFormMutation($input: ChangeWidgetInput!) {
      changeWidget(input: $input) {
        ... on ChangeWidgetSuccess {
          widget {
            ...LookForm_widget
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
}
