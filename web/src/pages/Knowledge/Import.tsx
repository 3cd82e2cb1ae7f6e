/** Bringing files in: dropped or chosen, sent in batches, followed until each is in or it is said why not. */
import { FileUp, FolderUp } from "lucide-react";
import { useState } from "react";
import { DropZone, FileTrigger } from "react-aria-components";
import { graphql, useLazyLoadQuery } from "react-relay";
import { useTranslations } from "use-intl";
import type { ImportMutation } from "~/__generated__/ImportMutation.graphql";
import type { ImportQuery } from "~/__generated__/ImportQuery.graphql";
import { present, useChange } from "~/changes";
import { Button } from "~/components/Button";
import { Checkbox, ComboBox } from "~/components/Choice";
import { Notice, Problem } from "~/components/Feedback";
import { Page, Section } from "~/components/Page";
import { batches, type Chosen, documentOf, isReadable, isTooLarge } from "./batches";
import { ImportProgress } from "./ImportProgress";

export default function Import() {
  const t = useTranslations("knowledge.import");
  const [files, setFiles] = useState<readonly Chosen[]>([]);
  const [source, setSource] = useState("");
  const [publish, setPublish] = useState(true);
  const [removeMissing, setRemoveMissing] = useState(false);
  const { send, isBusy, problem, started } = useImport();
  const readable = files.filter((file) => isReadable(file) && !isTooLarge(file));
  const rest = files.filter((file) => !readable.includes(file));
  const parts = batches(readable).length;
  const begin = (): void => {
    const options = { sourceName: source.trim(), publish, removeMissing: removeMissing && parts === 1 };
    void send(readable, options).then((isSent) => isSent && setFiles([]));
  };
  return (
    <Page title={t("title")} about={t("about")}>
      <Section>
        <div className="flex flex-col gap-5">
          <Drop onChoose={(chosen) => setFiles(chosen)} />
          {files.length > 0 && <p>{t("chosen", { count: readable.length })}</p>}
          {rest.length > 0 && (
            <Notice tone="warning">
              {t("left", { count: rest.length })}
              <ul className="mt-1 list-disc ps-5 text-xs">
                {rest.slice(0, 20).map(({ path, ...file }) => (
                  <li key={path}>
                    {path}: {t(isTooLarge({ path, ...file }) ? "tooLarge" : "unreadable")}
                  </li>
                ))}
              </ul>
            </Notice>
          )}
          <SourceField value={source} onChange={setSource} />
          <div className="flex flex-col gap-2">
            <Checkbox isSelected={publish} onChange={setPublish}>
              {t("publish")}
            </Checkbox>
            <Checkbox isSelected={removeMissing} onChange={setRemoveMissing} isDisabled={parts > 1}>
              {t("removeMissing")}
            </Checkbox>
          </div>
          <Problem of={problem} />
          <div>
            <Button
              look="primary"
              icon={FileUp}
              isBusy={isBusy}
              isDisabled={readable.length === 0 || source.trim() === ""}
              onPress={begin}
            >
              {t("begin")}
            </Button>
          </div>
        </div>
      </Section>
      {started.map((id) => (
        <ImportProgress key={id} id={id} />
      ))}
    </Page>
  );
}

function SourceField({ value, onChange }: { readonly value: string; readonly onChange: (name: string) => void }) {
  const t = useTranslations("knowledge.import");
  const { sources } = useLazyLoadQuery<ImportQuery>(
    graphql`
      query ImportQuery {
        sources {
          id
          name
        }
      }
    `,
    {},
  );
  return (
    <ComboBox
      label={t("source")}
      hint={t("sourceHint")}
      choices={present(sources).map(({ name }) => ({ id: name, label: name }))}
      value={sources.some(({ name }) => name === value) ? value : null}
      onChange={(name) => name !== null && onChange(name)}
      inputValue={value}
      onInputChange={onChange}
      allowsCustomValue
    />
  );
}

function Drop({ onChoose }: { readonly onChoose: (files: Chosen[]) => void }) {
  const t = useTranslations("knowledge.import");
  const listed = (list: FileList | null): Chosen[] =>
    [...(list ?? [])].map((file) => ({ path: file.webkitRelativePath || file.name, file }));
  return (
    <DropZone
      onDrop={(event) => void fromDrop(event.items).then(onChoose)}
      className="flex flex-col items-center gap-3 rounded-xl border-2 border-line border-dashed px-4 py-10 text-center drop-target:border-accent-ink drop-target:bg-accent-soft"
    >
      <p className="text-ink-muted">{t("drop")}</p>
      <div className="flex flex-wrap justify-center gap-2">
        <FileTrigger allowsMultiple onSelect={(list) => onChoose(listed(list))}>
          <Button icon={FileUp}>{t("files")}</Button>
        </FileTrigger>
        <FileTrigger acceptDirectory onSelect={(list) => onChoose(listed(list))}>
          <Button icon={FolderUp}>{t("folder")}</Button>
        </FileTrigger>
      </div>
      <p className="text-ink-faint text-xs">{t("formats")}</p>
    </DropZone>
  );
}

type Dropped = Parameters<NonNullable<React.ComponentProps<typeof DropZone>["onDrop"]>>[0]["items"][number];

async function fromDrop(items: readonly Dropped[], folder = ""): Promise<Chosen[]> {
  const found: Chosen[] = [];
  for (const item of items) {
    if (item.kind === "file") found.push({ path: `${folder}${item.name}`, file: await item.getFile() });
    if (item.kind === "directory")
      for await (const entry of item.getEntries()) found.push(...(await fromDrop([entry], `${folder}${item.name}/`)));
  }
  return found;
}

interface Options {
  readonly sourceName: string;
  readonly publish: boolean;
  readonly removeMissing: boolean;
}

interface Imports {
  /** Whether all files were taken; otherwise `problem` says what was refused. */
  send(files: readonly Chosen[], options: Options): Promise<boolean>;
  readonly isBusy: boolean;
  readonly problem: unknown;
  /** Ids of the imports that began here, the newest first. */
  readonly started: readonly string[];
}

function useImport(): Imports {
  const [problem, setProblem] = useState<unknown>(null);
  const [started, setStarted] = useState<readonly string[]>([]);
  const [begin, isBusy] = useChange<ImportMutation>(graphql`
    mutation ImportMutation($input: ImportKnowledgeInput!) {
      importKnowledge(input: $input) {
        ... on ImportKnowledgeSuccess {
          knowledgeImport {
            id
          }
        }
        ... on Error {
          code
          message
        }
      }
    }
  `);
  const send = async (files: readonly Chosen[], options: Options): Promise<boolean> => {
    setProblem(null);
    try {
      for (const batch of batches(files)) {
        const documents = await Promise.all(batch.map(documentOf));
        const { knowledgeImport } = await begin({ input: { ...options, documents } });
        if (knowledgeImport) setStarted((ids) => [knowledgeImport.id, ...ids]);
      }
      return true;
    } catch (error) {
      setProblem(error);
      return false;
    }
  };
  return { send, isBusy, problem, started };
}
