/** Tries a tool as oneself, for no customer: one that reads is called, of one that acts one sees what it would be sent. */
import { FlaskConical } from "lucide-react";
import { type FormEvent, useState } from "react";
import { graphql } from "react-relay";
import { useFormatter, useTranslations } from "use-intl";
import type { ToolTestMutation, ToolTestMutation$data } from "~/__generated__/ToolTestMutation.graphql";
import { Refusal, useChange } from "~/changes";
import { Badge } from "~/components/Badge";
import { Button } from "~/components/Button";
import { Dialog } from "~/components/Dialog";
import { Notice, Problem } from "~/components/Feedback";
import type { Tool } from "./definition";
import { JsonField, useMistake } from "./JsonField";
import { read, sampleOf, write } from "./json";

type Tried = NonNullable<ToolTestMutation$data["testTool"]>;

export function ToolTest({ tool, onClose }: { readonly tool: Tool; readonly onClose: () => void }) {
  const t = useTranslations("assistant.tools");
  const [given, setGiven] = useState(() => write(sampleOf(tool.parameters)));
  const [tried, setTried] = useState<Tried | null>(null);
  const [problem, setProblem] = useState<unknown>(null);
  const mistake = useMistake(given);
  const [test, isBusy] = useChange<ToolTestMutation>(graphql`
    mutation ToolTestMutation($input: TestToolInput!) {
      testTool(input: $input) {
        ... on TestToolSuccess {
          sends
          call {
            id
            state
            output
            tookMs
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
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    const said = read(given);
    setProblem(null);
    setTried(null);
    if ("value" in said) test({ input: { toolId: tool.id, arguments: said.value } }).then(setTried, setProblem);
  };
  const refused = problem instanceof Refusal ? problem.of("arguments") : undefined;
  return (
    <Dialog isOpen size="wide" title={t("test", { title: tool.title })} onClose={onClose}>
      <form onSubmit={submit} className="flex flex-col gap-4">
        <Notice>{t(tool.kind === "READ" ? "testReads" : "testActs")}</Notice>
        <JsonField label={t("arguments")} value={given} onChange={setGiven} problem={refused} lines={6} />
        <div>
          <Button type="submit" look="primary" icon={FlaskConical} isBusy={isBusy} isDisabled={Boolean(mistake)}>
            {t(tool.kind === "READ" ? "call" : "preview")}
          </Button>
        </div>
        {!refused && <Problem of={problem} />}
        <div role="status">{tried && <Result tried={tried} />}</div>
      </form>
    </Dialog>
  );
}

function Result({ tried }: { readonly tried: Tried }) {
  const t = useTranslations("assistant.tools");
  const states = useTranslations("assistant.approvals.states");
  const format = useFormatter();
  const { sends, call } = tried;
  return (
    <div className="flex flex-col gap-3">
      <h3 className="font-medium">{t("sends")}</h3>
      <Text>{sends ?? ""}</Text>
      {call && (
        <>
          <h3 className="flex items-center gap-2 font-medium">
            {t("came")}
            <Badge tone={call.state === "SUCCEEDED" ? "success" : "danger"}>{states(call.state)}</Badge>
            <span className="font-normal text-ink-muted text-xs">
              {format.number(call.tookMs, { style: "unit", unit: "millisecond" })}
            </span>
          </h3>
          <Text>{call.output}</Text>
        </>
      )}
    </div>
  );
}

function Text({ children }: { readonly children: string }) {
  return (
    <pre className="max-h-60 overflow-auto whitespace-pre-wrap rounded-md bg-sunken p-3 font-mono text-xs [overflow-wrap:anywhere]">
      {children}
    </pre>
  );
}
