/** A condition, edited: tests of facts, in groups of which all, any or none must be so. */
import { FolderPlus, Plus, X } from "lucide-react";
import { useTranslations } from "use-intl";
import { Button, IconButton } from "~/components/Button";
import { Select } from "~/components/Choice";
import { NumberField } from "~/components/Field";
import { cx } from "~/components/style";
import { Several } from "../../parts/Several";
import { Words } from "../../parts/Words";
import { type Group, group, isGroup, newId, type Part, type Test } from "./condition";
import type { Fact } from "./facts";

interface GroupFieldsProps {
  readonly whole: Group;
  readonly onChange: (whole: Group) => void;
  readonly facts: readonly Fact[];
  readonly depth?: number;
  readonly onDrop?: () => void;
}

/** Groups inside groups inside the whole: the server takes few more, and people read no more. */
const DEEPEST = 2;
const MATCHES = ["all", "any", "not_any", "not_all"] as const;

export function ConditionFields({ whole, onChange, facts, depth = 0, onDrop }: GroupFieldsProps) {
  const t = useTranslations("automation");
  const set = (parts: readonly Part[]): void => onChange({ ...whole, parts });
  const chosen = whole.isNot ? (`not_${whole.match}` as const) : whole.match;
  const choose = (how: (typeof MATCHES)[number]): void =>
    onChange({ ...whole, match: how.endsWith("any") ? "any" : "all", isNot: how.startsWith("not") });
  return (
    <div className={cx("flex flex-col gap-2", depth > 0 && "rounded-md border border-line bg-canvas p-2")}>
      {whole.parts.length === 0 && depth === 0 && <p className="text-ink-muted">{t("always")}</p>}
      {(whole.parts.length > 1 || depth > 0 || whole.isNot) && (
        <div className="flex items-center gap-2">
          <Select
            label={t("match")}
            isLabelHidden
            className="w-60"
            value={chosen}
            onChange={choose}
            choices={MATCHES.map((id) => ({ id, label: t(`matches.${id}`) }))}
          />
          <span className="flex-1" />
          {onDrop && <IconButton icon={X} label={t("dropGroup")} onPress={onDrop} />}
        </div>
      )}
      {whole.parts.map((part, index) =>
        isGroup(part) ? (
          <ConditionFields
            key={part.id}
            whole={part}
            facts={facts}
            depth={depth + 1}
            onChange={(next) => set(whole.parts.with(index, next))}
            onDrop={() => set(whole.parts.toSpliced(index, 1))}
          />
        ) : (
          <TestFields
            key={part.id}
            test={part}
            facts={facts}
            onChange={(next) => set(whole.parts.with(index, next))}
            onDrop={() => set(whole.parts.toSpliced(index, 1))}
          />
        ),
      )}
      <div className="flex flex-wrap gap-1">
        <Button look="quiet" icon={Plus} onPress={() => set([...whole.parts, newTest(facts)])}>
          {t("addTest")}
        </Button>
        {depth < DEEPEST && (
          <Button look="quiet" icon={FolderPlus} onPress={() => set([...whole.parts, group([newTest(facts)], "any")])}>
            {t("addGroup")}
          </Button>
        )}
      </div>
    </div>
  );
}

/** A new test is about what is said: that is what most are about. */
function newTest(facts: readonly Fact[]): Test {
  const fact = facts.find(({ name }) => name === "message.text") ?? facts[0];
  return fact ? testOf(fact) : { id: newId(), fact: "", operator: "is", values: [], isNot: false };
}

function testOf(fact: Fact): Test {
  const operator = fact.operators.includes("contains") ? "contains" : (fact.operators[0] ?? "is");
  return { id: newId(), fact: fact.name, operator, values: fact.entry === "flag" ? [true] : [], isNot: false };
}

interface TestFieldsProps {
  readonly test: Test;
  readonly facts: readonly Fact[];
  readonly onChange: (test: Test) => void;
  readonly onDrop: () => void;
}

function TestFields({ test, facts, onChange, onDrop }: TestFieldsProps) {
  const t = useTranslations("automation");
  const fact = facts.find(({ name }) => name === test.fact);
  const choose = (name: string): void => {
    const next = facts.find((one) => one.name === name);
    if (next) onChange({ ...testOf(next), id: test.id });
  };
  const operate = (how: string): void => {
    const operator = how.replace("not_", "");
    const isNot = how.startsWith("not_");
    const isSame = operator !== "exists" && test.operator !== "exists";
    onChange({ ...test, operator, isNot, values: operator === "exists" ? [true] : isSame ? test.values : [] });
  };
  return (
    <div className="flex items-start gap-2">
      <div className="grid min-w-0 flex-1 items-start gap-2 sm:grid-cols-[13rem_11rem_1fr]">
        <Select
          label={t("fact")}
          isLabelHidden
          value={test.fact}
          onChange={choose}
          choices={facts.map(({ name, label }) => ({ id: name, label }))}
        />
        <Select
          label={t("operator")}
          isLabelHidden
          value={test.isNot ? `not_${test.operator}` : test.operator}
          onChange={operate}
          choices={operatorsOf(fact).map((id) => ({ id, label: t(`operators.${id as "is"}`) }))}
        />
        {fact && test.operator !== "exists" && <Values {...{ test, fact, onChange }} />}
      </div>
      <IconButton icon={X} label={t("dropTest")} onPress={onDrop} />
    </div>
  );
}

/** Each operator and its opposite; of yes and no the opposite is the other. */
function operatorsOf(fact: Fact | undefined): readonly string[] {
  const operators = fact?.operators ?? [];
  return operators.flatMap((one) => (fact?.entry === "flag" && one === "is" ? [one] : [one, `not_${one}`]));
}

function Values({ test, fact, onChange }: { test: Test; fact: Fact; onChange: (test: Test) => void }) {
  const t = useTranslations("automation");
  const yesNo = useTranslations("desk.value");
  const set = (values: Test["values"]): void => onChange({ ...test, values });
  const shared = { label: t("values"), isLabelHidden: true } as const;
  const [first] = test.values;
  switch (fact.entry) {
    case "number":
      return (
        <NumberField
          {...shared}
          value={typeof first === "number" ? first : Number.NaN}
          onChange={(number) => set(Number.isNaN(number) ? [] : [number])}
        />
      );
    case "flag":
      return (
        <Select
          {...shared}
          value={first === false ? "no" : "yes"}
          onChange={(chosen) => set([chosen === "yes"])}
          choices={(["yes", "no"] as const).map((id) => ({ id, label: yesNo(id) }))}
        />
      );
    case "options":
      return (
        <Several
          {...shared}
          placeholder={t("choose")}
          choices={fact.options}
          value={test.values.map(String)}
          onChange={set}
        />
      );
    default:
      return <Words {...shared} value={test.values.map(String)} onChange={set} />;
  }
}
