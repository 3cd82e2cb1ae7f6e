/** The runs of a suite, newest first; two of them can be chosen and compared. */
import { useState } from "react";
import { graphql, useFragment } from "react-relay";
import { useTranslations } from "use-intl";
import type { Runs_suite$key } from "~/__generated__/Runs_suite.graphql";
import { Button } from "~/components/Button";
import { Checkbox } from "~/components/Choice";
import { Section } from "~/components/Page";
import { Comparison } from "./Comparison";
import { Run } from "./Run";

export function Runs({ suite: key }: { readonly suite: Runs_suite$key }) {
  const t = useTranslations("assistant.suites");
  const [chosen, setChosen] = useState<readonly string[]>([]);
  const [isComparing, setComparing] = useState(false);
  const { runs } = useFragment(
    graphql`
      fragment Runs_suite on Suite {
        runs(first: 20) {
          nodes {
            id
            state
            promptNumber
            createdAt
            ...Run_run
          }
        }
      }
    `,
    key,
  );
  const toggle = (id: string, isChosen: boolean): void =>
    setChosen(isChosen ? [...chosen, id].slice(-2) : chosen.filter((one) => one !== id));
  // The list is newest first: the older one of two is what the newer one is measured against.
  const [after, before] = runs.nodes.filter((run) => chosen.includes(run.id));
  const compare = runs.nodes.length > 1 && (
    <Button isDisabled={!before} onPress={() => setComparing(true)}>
      {t("compare")}
    </Button>
  );
  return (
    <Section title={t("runs")} about={runs.nodes.length > 1 ? t("runsHint") : undefined} actions={compare}>
      {runs.nodes.length === 0 ? (
        <p className="text-ink-muted">{t("noRuns")}</p>
      ) : (
        <ul aria-label={t("runs")} className="divide-y divide-line">
          {runs.nodes.map((run) => (
            <li key={run.id} className="flex items-start gap-3 py-3">
              <Checkbox
                isSelected={chosen.includes(run.id)}
                isDisabled={run.state === "RUNNING"}
                onChange={(isChosen) => toggle(run.id, isChosen)}
              >
                <span className="sr-only">{t("choose", { number: run.promptNumber })}</span>
              </Checkbox>
              <Run run={run} />
            </li>
          ))}
        </ul>
      )}
      {isComparing && before && after && (
        <Comparison beforeId={before.id} afterId={after.id} onClose={() => setComparing(false)} />
      )}
    </Section>
  );
}
