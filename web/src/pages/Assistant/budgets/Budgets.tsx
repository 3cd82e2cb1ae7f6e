/** What models may cost, how much of it is used, and what their tokens cost. */
import { Pencil, Plus, Trash2, Wallet } from "lucide-react";
import { useCallback, useState } from "react";
import { graphql, useFragment, useLazyLoadQuery } from "react-relay";
import { useTranslations } from "use-intl";
import type { Budgets_budget$data, Budgets_budget$key } from "~/__generated__/Budgets_budget.graphql";
import type { BudgetsDeleteMutation } from "~/__generated__/BudgetsDeleteMutation.graphql";
import type { BudgetsQuery } from "~/__generated__/BudgetsQuery.graphql";
import { useMay } from "~/app/viewer";
import { present, useChange } from "~/changes";
import { Badge } from "~/components/Badge";
import { Button, IconButton } from "~/components/Button";
import { ConfirmDialog } from "~/components/Dialog";
import { EmptyState } from "~/components/Feedback";
import { Page, Section } from "~/components/Page";
import { BudgetDialog } from "./BudgetDialog";
import { Limits } from "./Limits";
import { Prices } from "./Prices";

export type Budget = Budgets_budget$data;

export default function Budgets() {
  const t = useTranslations("assistant.budgets");
  const mayManage = useMay("MANAGE_BUDGETS");
  const [asked, setAsked] = useState(0);
  const [editing, setEditing] = useState<"new" | Budget | null>(null);
  const reload = useCallback(() => setAsked((times) => times + 1), []);
  const { budgets, priceList } = useLazyLoadQuery<BudgetsQuery>(
    graphql`
      query BudgetsQuery {
        budgets {
          id
          ...Budgets_budget
        }
        priceList {
          currency
          ...Prices_list
        }
      }
    `,
    {},
    { fetchPolicy: "store-and-network", fetchKey: asked },
  );
  const create = (
    <Button look="primary" icon={Plus} onPress={() => setEditing("new")}>
      {t("create")}
    </Button>
  );
  return (
    <Page title={t("title")} about={t("about")} actions={mayManage && create}>
      <Section>
        {budgets.length === 0 ? (
          <EmptyState icon={Wallet} title={t("empty")} hint={t("emptyHint")} />
        ) : (
          <ul aria-label={t("title")} className="divide-y divide-line">
            {present(budgets).map((budget) => (
              <Row key={budget.id} budget={budget} currency={priceList.currency} onEdit={setEditing} />
            ))}
          </ul>
        )}
      </Section>
      <Prices list={priceList} onChange={reload} />
      {editing && (
        <BudgetDialog
          budget={editing === "new" ? null : editing}
          currency={priceList.currency}
          onDone={reload}
          onClose={() => setEditing(null)}
        />
      )}
    </Page>
  );
}

interface RowProps {
  readonly budget: Budgets_budget$key;
  readonly currency: string | null | undefined;
  readonly onEdit: (budget: Budget) => void;
}

function Row({ budget: key, currency, onEdit }: RowProps) {
  const t = useTranslations("assistant.budgets");
  const act = useTranslations("app.act");
  const mayManage = useMay("MANAGE_BUDGETS");
  const [isAsking, setAsking] = useState(false);
  const budget = useFragment(
    graphql`
      fragment Budgets_budget on Budget {
        id
        scope
        period
        softMicros
        softTokens
        hardMicros
        hardTokens
        endsAt
        apiKey {
          id
          name
        }
        use {
          micros
          tokens
          warnedAt
          spentAt
        }
      }
    `,
    key,
  );
  const { scope, period, apiKey, use } = budget;
  return (
    <li className="flex items-start gap-3 py-3">
      <div className="min-w-0 flex-1">
        <p className="flex flex-wrap items-center gap-2 font-medium">
          {apiKey ? t("ofKey", { name: apiKey.name }) : t(`scopes.${scope}`)}
          <Badge>{t(`periods.${period}`)}</Badge>
          {use?.spentAt ? (
            <Badge tone="danger">{t("spent")}</Badge>
          ) : (
            use?.warnedAt && <Badge tone="warning">{t("warned")}</Badge>
          )}
        </p>
        <Limits budget={budget} currency={currency} />
      </div>
      {mayManage && (
        <>
          <IconButton icon={Pencil} label={act("edit")} onPress={() => onEdit(budget)} />
          <IconButton icon={Trash2} label={act("delete")} onPress={() => setAsking(true)} />
        </>
      )}
      {isAsking && <Removal id={budget.id} onClose={() => setAsking(false)} />}
    </li>
  );
}

function Removal({ id, onClose }: { readonly id: string; readonly onClose: () => void }) {
  const t = useTranslations("assistant.budgets");
  const act = useTranslations("app.act");
  const [remove, isBusy] = useChange<BudgetsDeleteMutation>(graphql`
    mutation BudgetsDeleteMutation($input: DeleteBudgetInput!) {
      deleteBudget(input: $input) {
        ... on DeleteBudgetSuccess {
          deletedId @deleteRecord
        }
        ... on Error {
          code
          message
        }
      }
    }
  `);
  return (
    <ConfirmDialog
      isOpen
      title={t("delete")}
      action={act("delete")}
      isBusy={isBusy}
      onClose={onClose}
      onConfirm={() => remove({ input: { budgetId: id } })}
    >
      {t("deleteHint")}
    </ConfirmDialog>
  );
}
