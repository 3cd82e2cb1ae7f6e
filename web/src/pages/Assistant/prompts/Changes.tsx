/** What one version says otherwise than another: the instructions word by word, everything else field by field. */
import { diffWordsWithSpace } from "diff";
import { useMemo, useState } from "react";
import { graphql, useLazyLoadQuery } from "react-relay";
import { useTranslations } from "use-intl";
import type { ChangesQuery, ChangesQuery$data } from "~/__generated__/ChangesQuery.graphql";
import { Select } from "~/components/Choice";
import { Dialog } from "~/components/Dialog";
import { cx } from "~/components/style";
import { changed, useLines } from "./lines";

type Version = ChangesQuery$data["promptVersions"]["nodes"][number];

interface ChangesProps {
  readonly number: number;
  readonly inUse: number;
  readonly onClose: () => void;
}

export function Changes({ number, inUse, onClose }: ChangesProps) {
  const t = useTranslations("assistant.prompts");
  const { promptVersions } = useLazyLoadQuery<ChangesQuery>(
    graphql`
      query ChangesQuery {
        promptVersions(first: 100) {
          nodes {
            id
            number
            instructions
            tone
            languages
            forbiddenTopics
            model
            temperature
            mostTokens
            leastSupport
          }
        }
      }
    `,
    {},
    { fetchPolicy: "store-or-network" },
  );
  const versions = promptVersions.nodes;
  const [before, setBefore] = useState(`${startingPoint(versions, number, inUse)}`);
  const [after, setAfter] = useState(`${number}`);
  const choices = [
    ...versions.map((one) => ({ id: `${one.number}`, label: t("version", { number: one.number }) })),
    { id: "0", label: t("own") },
  ];
  const find = (chosen: string): Version | undefined => versions.find((one) => `${one.number}` === chosen);
  return (
    <Dialog isOpen size="wide" title={t("changes")} onClose={onClose}>
      <div className="flex flex-col gap-4">
        <div className="grid gap-3 sm:grid-cols-2">
          <Select label={t("before")} value={before} onChange={setBefore} choices={choices} />
          <Select label={t("after")} value={after} onChange={setAfter} choices={choices} />
        </div>
        <Difference before={find(before)} after={find(after)} />
      </div>
    </Dialog>
  );
}

/** The version in use, or the one before where that is the one looked at. */
function startingPoint(versions: readonly Version[], number: number, inUse: number): number {
  if (number !== inUse) return inUse;
  return versions.find((one) => one.number < number)?.number ?? 0;
}

/** Undefined is Parley's own, which adds nothing. */
function Difference({ before, after }: { readonly before?: Version; readonly after?: Version }) {
  const t = useTranslations("assistant.prompts");
  const linesOf = useLines();
  const parts = useMemo(
    () => diffWordsWithSpace(before?.instructions ?? "", after?.instructions ?? ""),
    [before, after],
  );
  const fields = changed(linesOf(before ?? NOTHING), linesOf(after ?? NOTHING));
  const isSame = fields.length === 0 && parts.every((part) => !part.added && !part.removed);
  if (isSame) return <p className="text-ink-muted">{t("same")}</p>;
  return (
    <>
      <section
        aria-label={t("fields.instructions")}
        className="max-h-[50dvh] overflow-auto whitespace-pre-wrap rounded-md bg-sunken p-3 text-sm [overflow-wrap:anywhere]"
      >
        {parts.map((part, at) => {
          const Tag = part.added ? "ins" : part.removed ? "del" : "span";
          const look = part.added ? "bg-success-soft text-success" : part.removed ? "bg-danger-soft text-danger" : "";
          return (
            <Tag key={at} className={cx(look, part.added && "no-underline")}>
              {part.value}
            </Tag>
          );
        })}
      </section>
      {fields.length > 0 && (
        <dl className="grid grid-cols-[auto_1fr] gap-x-4 gap-y-1 text-sm">
          {fields.map((line) => (
            <div key={line.field} className="contents">
              <dt className="text-ink-muted">{t(`fields.${line.field}`)}</dt>
              <dd className="[overflow-wrap:anywhere]">
                <del className="text-danger">{line.before}</del> → <ins className="no-underline">{line.words}</ins>
              </dd>
            </div>
          ))}
        </dl>
      )}
    </>
  );
}

const NOTHING = {
  tone: "",
  languages: [],
  forbiddenTopics: [],
  model: null,
  temperature: null,
  mostTokens: 800,
  leastSupport: 0,
};
