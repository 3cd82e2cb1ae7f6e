/** What the assistant is told: the version in use, and all that were written. */
import { Plus } from "lucide-react";
import { useCallback, useState } from "react";
import { graphql, useLazyLoadQuery, usePaginationFragment } from "react-relay";
import { useTranslations } from "use-intl";
import type { Instructions_versions$key } from "~/__generated__/Instructions_versions.graphql";
import type { InstructionsNextQuery } from "~/__generated__/InstructionsNextQuery.graphql";
import type { InstructionsQuery } from "~/__generated__/InstructionsQuery.graphql";
import { Route, Switch } from "~/app/navigation";
import { useMay } from "~/app/viewer";
import { Button, ButtonLink } from "~/components/Button";
import { Page, Section } from "~/components/Page";
import { List } from "~/components/Table";
import { Changes } from "./Changes";
import { Publish } from "./Publish";
import { VersionFacts } from "./VersionFacts";
import { type Version, VersionRow } from "./VersionRow";
import { WriteVersion } from "./WriteVersion";

const PAGE = 30;

export default function Instructions() {
  return (
    <Switch>
      <Route path="/assistant/instructions/new" component={WriteVersion} />
      <Route component={Versions} />
    </Switch>
  );
}

type Doing = { readonly deed: "publish" | "changes"; readonly version: Version };

function Versions() {
  const t = useTranslations("assistant.prompts");
  const mayManage = useMay("MANAGE_ASSISTANT");
  const [asked, setAsked] = useState(0);
  const [doing, setDoing] = useState<Doing | null>(null);
  const query = useLazyLoadQuery<InstructionsQuery>(
    graphql`
      query InstructionsQuery($first: Int!) {
        publishedPromptVersion {
          id
          number
          ...VersionRow_version
          ...VersionFacts_version
        }
        ...Instructions_versions @arguments(first: $first)
      }
    `,
    { first: PAGE },
    { fetchPolicy: "store-and-network", fetchKey: asked },
  );
  const inUse = query.publishedPromptVersion;
  const published = useCallback(() => setAsked((times) => times + 1), []);
  const create = (
    <ButtonLink to={`/assistant/instructions/new?from=${inUse.number}`} look="primary" icon={Plus}>
      {t("create")}
    </ButtonLink>
  );
  return (
    <Page title={t("title")} about={t("about")} actions={mayManage && create}>
      <Section title={t(inUse.number === 0 ? "inUseOwn" : "inUse", { number: inUse.number })}>
        {inUse.number === 0 ? <p className="text-ink-muted">{t("ownHint")}</p> : <VersionFacts version={inUse} />}
      </Section>
      <Section title={t("versions")} about={t("versionsHint")}>
        <Written versions={query} inUse={inUse.number} onDo={setDoing} />
      </Section>
      {doing?.deed === "publish" && (
        <Publish version={doing.version} onDone={published} onClose={() => setDoing(null)} />
      )}
      {doing?.deed === "changes" && (
        <Changes number={doing.version.number} inUse={inUse.number} onClose={() => setDoing(null)} />
      )}
    </Page>
  );
}

interface WrittenProps {
  readonly versions: Instructions_versions$key;
  readonly inUse: number;
  readonly onDo: (doing: Doing) => void;
}

function Written({ versions, inUse, onDo }: WrittenProps) {
  const t = useTranslations("assistant.prompts");
  const act = useTranslations("app.act");
  const { data, hasNext, isLoadingNext, loadNext } = usePaginationFragment<
    InstructionsNextQuery,
    Instructions_versions$key
  >(
    graphql`
      fragment Instructions_versions on Query
      @refetchable(queryName: "InstructionsNextQuery")
      @argumentDefinitions(first: { type: "Int", defaultValue: 30 }, after: { type: "String" }) {
        promptVersions(first: $first, after: $after) @connection(key: "Instructions_promptVersions") {
          edges {
            node {
              id
              ...VersionRow_version
            }
          }
        }
      }
    `,
    versions,
  );
  const { edges } = data.promptVersions;
  if (edges.length === 0) return <p className="text-ink-muted">{t("empty")}</p>;
  return (
    <>
      <List label={t("versions")}>
        {edges.map(({ node }) => (
          <VersionRow
            key={node.id}
            version={node}
            onPublish={(version) => onDo({ deed: "publish", version })}
            onChanges={(version) => onDo({ deed: "changes", version })}
          />
        ))}
        {inUse !== 0 && <OwnRow onPublish={(version) => onDo({ deed: "publish", version })} />}
      </List>
      {hasNext && (
        <Button look="quiet" isBusy={isLoadingNext} onPress={() => loadNext(PAGE)}>
          {act("more")}
        </Button>
      )}
    </>
  );
}

/** The way back to what Parley says by itself. */
function OwnRow({ onPublish }: { readonly onPublish: (version: Version) => void }) {
  const t = useTranslations("assistant.prompts");
  const mayManage = useMay("MANAGE_ASSISTANT");
  return (
    <li className="flex min-h-11 items-center gap-3 py-2">
      <span className="min-w-0 flex-1">
        <span className="block font-medium">{t("own")}</span>
        <span className="text-ink-muted text-xs">{t("ownHint")}</span>
      </span>
      {mayManage && <Button onPress={() => onPublish({ number: 0, note: "" })}>{t("publish")}</Button>}
    </li>
  );
}
