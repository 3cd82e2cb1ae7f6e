/** Everything that a version says, to read. */
import { graphql, useFragment } from "react-relay";
import { useTranslations } from "use-intl";
import type { VersionFacts_version$key } from "~/__generated__/VersionFacts_version.graphql";
import { useLines } from "./lines";

export function VersionFacts({ version: key }: { readonly version: VersionFacts_version$key }) {
  const t = useTranslations("assistant.prompts");
  const linesOf = useLines();
  const version = useFragment(
    graphql`
      fragment VersionFacts_version on PromptVersion {
        instructions
        tone
        languages
        forbiddenTopics
        model
        temperature
        mostTokens
        leastSupport
      }
    `,
    key,
  );
  return (
    <div className="flex flex-col gap-4">
      <p className="whitespace-pre-wrap [overflow-wrap:anywhere]">
        {version.instructions || <span className="text-ink-muted">{t("noInstructions")}</span>}
      </p>
      <dl className="grid grid-cols-[auto_1fr] gap-x-4 gap-y-1 text-sm">
        {linesOf(version).map(({ field, words }) => (
          <div key={field} className="contents">
            <dt className="text-ink-muted">{t(`fields.${field}`)}</dt>
            <dd className="[overflow-wrap:anywhere]">{words}</dd>
          </div>
        ))}
      </dl>
    </div>
  );
}
