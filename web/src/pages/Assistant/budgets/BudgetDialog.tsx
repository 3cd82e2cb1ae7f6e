/** A budget being set: for whom, for how long, where it warns and where it ends. */
import { useState } from "react";
import { graphql } from "react-relay";
import { useTranslations } from "use-intl";
import type { BudgetDialogMutation, BudgetPeriod, BudgetScope } from "~/__generated__/BudgetDialogMutation.graphql";
import { Refusal, useChange } from "~/changes";
import { Select } from "~/components/Choice";
import { FormDialog } from "~/components/Dialog";
import { Notice } from "~/components/Feedback";
import { NumberField } from "~/components/Field";
import type { Budget } from "./Budgets";
import { amount, micros } from "./money";

const SCOPES: readonly BudgetScope[] = ["ORGANIZATION", "API_KEY", "CONVERSATION"];
const PERIODS: readonly BudgetPeriod[] = ["DAY", "MONTH"];

interface BudgetDialogProps {
  readonly budget: Budget | null;
  readonly currency: string | null | undefined;
  readonly onDone: () => void;
  readonly onClose: () => void;
}

interface Typed {
  readonly softMoney: number;
  readonly hardMoney: number;
  readonly softTokens: number;
  readonly hardTokens: number;
}

export function BudgetDialog({ budget, currency, onDone, onClose }: BudgetDialogProps) {
  const t = useTranslations("assistant.budgets");
  const [scope, setScope] = useState<BudgetScope>(budget?.scope ?? "ORGANIZATION");
  const [period, setPeriod] = useState<BudgetPeriod>(budget?.period ?? "MONTH");
  const [limits, setLimits] = useState<Typed>(() => typedOf(budget));
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  const [set, isBusy] = useSet();
  const submit = async (): Promise<void> => {
    setRefusal(null);
    try {
      await set({ input: { scope, period, apiKeyId: budget?.apiKey?.id ?? null, ...inputOf(limits) } });
      onDone();
    } catch (error) {
      if (error instanceof Refusal) setRefusal(error);
      throw error;
    }
  };
  const isEmpty = Object.values(limits).every(Number.isNaN);
  return (
    <FormDialog
      isOpen
      title={t(budget ? "change" : "create")}
      isBusy={isBusy}
      isDisabled={isEmpty}
      onSubmit={submit}
      onClose={onClose}
    >
      {!budget && (
        <>
          <Select
            label={t("scope")}
            hint={t(`scopeHints.${scope}`)}
            value={scope}
            onChange={setScope}
            choices={SCOPES.map((id) => ({ id, label: t(`scopes.${id}`) }))}
          />
          <Select
            label={t("period")}
            value={period}
            onChange={setPeriod}
            choices={PERIODS.map((id) => ({ id, label: t(`periods.${id}`) }))}
          />
        </>
      )}
      {!currency && <Notice>{t("noCurrency")}</Notice>}
      <Fields limits={limits} onChange={setLimits} currency={currency} problem={(path) => refusal?.of(path)} />
    </FormDialog>
  );
}

interface FieldsProps {
  readonly limits: Typed;
  readonly onChange: (limits: Typed) => void;
  readonly currency: string | null | undefined;
  readonly problem: (path: string) => string | undefined;
}

function Fields({ limits, onChange, currency, problem }: FieldsProps) {
  const t = useTranslations("assistant.budgets");
  const money = currency ? ({ style: "currency", currency, maximumFractionDigits: 6 } as const) : undefined;
  const field = (name: keyof Typed, path: string) => ({
    label: t(name),
    value: limits[name],
    onChange: (value: number) => onChange({ ...limits, [name]: value }),
    problem: problem(path),
    minValue: 0,
  });
  return (
    <div className="grid gap-4 sm:grid-cols-2">
      <NumberField {...field("softMoney", "softMicros")} isDisabled={!currency} formatOptions={money} />
      <NumberField {...field("hardMoney", "hardMicros")} isDisabled={!currency} formatOptions={money} />
      <NumberField {...field("softTokens", "softTokens")} />
      <NumberField {...field("hardTokens", "hardTokens")} hint={t("hardHint")} />
    </div>
  );
}

function typedOf(budget: Budget | null): Typed {
  return {
    softMoney: amount(budget?.softMicros),
    hardMoney: amount(budget?.hardMicros),
    softTokens: budget?.softTokens ?? Number.NaN,
    hardTokens: budget?.hardTokens ?? Number.NaN,
  };
}

function inputOf({ softMoney, hardMoney, softTokens, hardTokens }: Typed) {
  const whole = (value: number): number | null => (Number.isNaN(value) ? null : Math.round(value));
  return {
    softMicros: micros(softMoney),
    hardMicros: micros(hardMoney),
    softTokens: whole(softTokens),
    hardTokens: whole(hardTokens),
  };
}

function useSet() {
  return useChange<BudgetDialogMutation>(graphql`
    mutation BudgetDialogMutation($input: SetBudgetInput!) {
      setBudget(input: $input) {
        ... on SetBudgetSuccess {
          budget {
            ...Budgets_budget
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
}
