/** What narrows a search. */
import { X } from "lucide-react";
import { graphql, useLazyLoadQuery } from "react-relay";
import { useTranslations } from "use-intl";
import type { FiltersSearchQuery } from "~/__generated__/FiltersSearchQuery.graphql";
import { useMay } from "~/app/viewer";
import { Dot } from "~/components/Badge";
import { Button } from "~/components/Button";
import { type Choice, Select } from "~/components/Choice";
import { TextField } from "~/components/Field";
import { type Asked, AUTHORS, isSpoken, NOTHING, narrowing, STATES } from "./asked";

interface FiltersProps {
  readonly asked: Asked;
  readonly onChange: (part: Partial<Asked>) => void;
}

export function Filters({ asked, onChange }: FiltersProps) {
  const t = useTranslations("search.filter");
  const clear = (): void => onChange({ ...NOTHING, words: asked.words, type: asked.type });
  return (
    <div className="grid grid-cols-2 items-end gap-2 sm:flex sm:flex-wrap">
      {isSpoken(asked) && <Spoken asked={asked} onChange={onChange} />}
      <TextField
        type="date"
        label={t("since")}
        value={asked.since}
        onChange={(since) => onChange({ since })}
        className="min-w-0 sm:w-40"
      />
      <TextField
        type="date"
        label={t("until")}
        value={asked.until}
        onChange={(until) => onChange({ until })}
        className="min-w-0 sm:w-40"
      />
      {narrowing(asked) > 0 && (
        <Button look="quiet" icon={X} onPress={clear}>
          {t("clear")}
        </Button>
      )}
    </div>
  );
}

/** Of messages and notes: where they are, and who wrote them. */
function Spoken({ asked, onChange }: FiltersProps) {
  const t = useTranslations("search.filter");
  const mayReadAgents = useMay("READ_AGENTS");
  const { inboxes, tags, agents } = useLazyLoadQuery<FiltersSearchQuery>(
    graphql`
      query FiltersSearchQuery($mayReadAgents: Boolean!) {
        inboxes {
          id
          name
        }
        tags {
          id
          name
          color
        }
        agents(first: 100) @include(if: $mayReadAgents) {
          nodes {
            id
            name
          }
        }
      }
    `,
    { mayReadAgents },
  );
  const named = ({ id, name }: { id: string; name: string }): Choice<string> => ({ id, label: name });
  return (
    <>
      <One
        label={t("state")}
        value={asked.state}
        choices={STATES.map((id) => ({ id, label: t(`states.${id}`) }))}
        onChange={(state) => onChange({ state })}
      />
      <One
        label={t("author")}
        value={asked.author}
        choices={AUTHORS.map((id) => ({ id, label: t(`authors.${id}`) }))}
        onChange={(author) => onChange({ author })}
      />
      {inboxes.length > 1 && (
        <One
          label={t("inbox")}
          value={asked.inbox}
          choices={inboxes.map(named)}
          onChange={(inbox) => onChange({ inbox })}
        />
      )}
      {tags.length > 0 && (
        <One
          label={t("tag")}
          value={asked.tag}
          choices={tags.map((tag) => ({ id: tag.id, label: tag.name, mark: <Dot color={tag.color} /> }))}
          onChange={(tag) => onChange({ tag })}
        />
      )}
      {agents && (
        <One
          label={t("agent")}
          value={asked.agent}
          choices={agents.nodes.map(named)}
          onChange={(agent) => onChange({ agent })}
        />
      )}
    </>
  );
}

interface OneProps<K extends string> {
  readonly label: string;
  readonly value: K | "";
  readonly choices: readonly Choice<K>[];
  readonly onChange: (value: K | "") => void;
}

/** One of some, or any. */
function One<K extends string>({ label, value, choices, onChange }: OneProps<K>) {
  const t = useTranslations("search.filter");
  return (
    <Select<K | "">
      label={label}
      value={value}
      choices={[{ id: "", label: t("any") }, ...choices]}
      onChange={onChange}
      className="min-w-0 sm:w-40"
    />
  );
}
