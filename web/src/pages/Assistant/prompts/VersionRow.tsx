/** One version in the list: its number and note, who wrote it, whether it is in use, and what can be done with it. */
import { GitCompare, PencilLine } from "lucide-react";
import { graphql, useFragment } from "react-relay";
import { useTranslations } from "use-intl";
import type { VersionRow_version$key } from "~/__generated__/VersionRow_version.graphql";
import { useNavigate } from "~/app/navigation";
import { useMay } from "~/app/viewer";
import { Ago, Badge } from "~/components/Badge";
import { Button, IconButton } from "~/components/Button";
import { ListItem } from "~/components/Table";

/** What must be known of a version to do something with it. */
export interface Version {
  readonly number: number;
  readonly note: string;
}

interface VersionRowProps {
  readonly version: VersionRow_version$key;
  readonly onPublish: (version: Version) => void;
  readonly onChanges: (version: Version) => void;
}

export function VersionRow({ version: key, onPublish, onChanges }: VersionRowProps) {
  const t = useTranslations("assistant.prompts");
  const mayManage = useMay("MANAGE_ASSISTANT");
  const navigate = useNavigate();
  const version = useFragment(
    graphql`
      fragment VersionRow_version on PromptVersion {
        id
        number
        note
        model
        isPublished
        createdAt
        creator {
          id
          name
        }
      }
    `,
    key,
  );
  const { number, note, model, isPublished, createdAt, creator } = version;
  const title = (
    <span className="flex flex-wrap items-center gap-2">
      {t("version", { number })}
      {isPublished && <Badge tone="success">{t("used")}</Badge>}
      {model && <Badge>{model}</Badge>}
      {note && <span className="truncate font-normal text-ink-muted">{note}</span>}
    </span>
  );
  const detail = (
    <>
      {creator?.name}
      {creator && createdAt && " · "}
      {createdAt && <Ago at={createdAt} />}
    </>
  );
  const actions = (
    <>
      <IconButton icon={GitCompare} label={t("changes")} onPress={() => onChanges(version)} />
      {mayManage && (
        <IconButton
          icon={PencilLine}
          label={t("from", { number })}
          onPress={() => navigate(`/assistant/instructions/new?from=${number}`)}
        />
      )}
      {mayManage && !isPublished && <Button onPress={() => onPublish(version)}>{t("publish")}</Button>}
    </>
  );
  return <ListItem title={title} detail={detail} actions={actions} />;
}
