/** What an article was before: its versions, and what changed from one to the next. */
import { diffLines } from "diff";
import { useMemo, useState } from "react";
import { graphql, useLazyLoadQuery } from "react-relay";
import { useTranslations } from "use-intl";
import type { VersionsQuery, VersionsQuery$data } from "~/__generated__/VersionsQuery.graphql";
import { When } from "~/components/Badge";
import { Dialog } from "~/components/Dialog";
import { cx } from "~/components/style";

type Version = NonNullable<VersionsQuery$data["article"]>["versions"]["nodes"][number];

export default function Versions({ id, onClose }: { readonly id: string; readonly onClose: () => void }) {
  const t = useTranslations("knowledge.articles");
  const { article } = useLazyLoadQuery<VersionsQuery>(
    graphql`
      query VersionsQuery($id: ID!) {
        article(id: $id) {
          number
          versions(first: 50) {
            nodes {
              id
              number
              title
              body
              createdAt
            }
          }
        }
      }
    `,
    { id },
    { fetchPolicy: "network-only" },
  );
  const versions = article?.versions.nodes ?? [];
  const [chosen, setChosen] = useState(versions[0]?.number);
  const at = versions.findIndex((version) => version.number === chosen);
  const newer = versions[at];
  return (
    <Dialog isOpen title={t("versions")} size="wide" onClose={onClose}>
      <div className="flex flex-col gap-4 sm:flex-row">
        <ol
          aria-label={t("versions")}
          className="flex shrink-0 gap-1 overflow-auto sm:max-h-[60dvh] sm:w-44 sm:flex-col"
        >
          {versions.map((version) => (
            <li key={version.id}>
              <button
                type="button"
                aria-pressed={version.number === chosen}
                onClick={() => setChosen(version.number)}
                className={cx(
                  "w-full rounded-md px-2 py-1.5 text-start text-sm",
                  version.number === chosen ? "bg-pressed font-medium" : "hover:bg-hover",
                )}
              >
                {t("version", { number: version.number })}
                {version.number === article?.number && ` · ${t("inUse")}`}
                <span className="block text-ink-muted text-xs">
                  <When at={version.createdAt} withTime />
                </span>
              </button>
            </li>
          ))}
        </ol>
        {newer && <Changes from={versions[at + 1]} to={newer} />}
      </div>
    </Dialog>
  );
}

function Changes({ from, to }: { readonly from: Version | undefined; readonly to: Version }) {
  const t = useTranslations("knowledge.articles");
  const parts = useMemo(() => diffLines(text(from), text(to)), [from, to]);
  return (
    <section
      aria-label={t("changes")}
      className="max-h-[60dvh] min-w-0 flex-1 overflow-auto whitespace-pre-wrap rounded-md bg-sunken p-3 font-mono text-xs"
    >
      {parts.map((part, at) => {
        const Tag = part.added ? "ins" : part.removed ? "del" : "span";
        const look = part.added ? "bg-success-soft text-success" : part.removed ? "bg-danger-soft text-danger" : "";
        return (
          <Tag key={at} className={cx("block no-underline", look, part.removed && "line-through")}>
            {part.value}
          </Tag>
        );
      })}
    </section>
  );
}

const text = (version: Version | undefined): string => (version ? `${version.title}\n\n${version.body}\n` : "");
