/** What a million tokens of each model cost. */
import { Pencil, Plus, Trash2 } from "lucide-react";
import { useState } from "react";
import { graphql, useFragment } from "react-relay";
import { useTranslations } from "use-intl";
import type { Prices_list$data, Prices_list$key } from "~/__generated__/Prices_list.graphql";
import type { PricesMutation } from "~/__generated__/PricesMutation.graphql";
import { useMay } from "~/app/viewer";
import { useChange } from "~/changes";
import { Button, IconButton } from "~/components/Button";
import { FormDialog } from "~/components/Dialog";
import { NumberField, TextField } from "~/components/Field";
import { Section } from "~/components/Page";
import { Table } from "~/components/Table";
import { amount, micros, useMoney } from "./money";

interface PricesProps {
  readonly list: Prices_list$key;
  readonly onChange: () => void;
}

export function Prices({ list: key, onChange }: PricesProps) {
  const t = useTranslations("assistant.prices");
  const act = useTranslations("app.act");
  const mayManage = useMay("MANAGE_BUDGETS");
  const [isEditing, setEditing] = useState(false);
  const list = useFragment(
    graphql`
      fragment Prices_list on PriceList {
        currency
        prices {
          model
          read
          cached
          written
        }
      }
    `,
    key,
  );
  const money = useMoney(list.currency);
  const edit = mayManage && (
    <Button icon={Pencil} onPress={() => setEditing(true)}>
      {act("edit")}
    </Button>
  );
  return (
    <Section title={t("title")} about={t("about")} actions={edit}>
      {list.prices.length === 0 ? (
        <p className="text-ink-muted">{t("empty")}</p>
      ) : (
        <Table
          label={t("title")}
          rows={list.prices}
          keyOf={(row) => row.model}
          columns={[
            { id: "model", label: t("model"), cell: (row) => row.model },
            { id: "read", label: t("read"), cell: (row) => money(row.read), isNumber: true },
            { id: "cached", label: t("cached"), cell: (row) => money(row.cached ?? row.read), isNumber: true },
            { id: "written", label: t("written"), cell: (row) => money(row.written), isNumber: true },
          ]}
        />
      )}
      {isEditing && <PricesDialog list={list} onDone={onChange} onClose={() => setEditing(false)} />}
    </Section>
  );
}

interface Row {
  readonly key: number;
  readonly model: string;
  readonly read: number;
  readonly cached: number;
  readonly written: number;
}

interface PricesDialogProps {
  readonly list: Prices_list$data;
  readonly onDone: () => void;
  readonly onClose: () => void;
}

function PricesDialog({ list, onDone, onClose }: PricesDialogProps) {
  const t = useTranslations("assistant.prices");
  const [currency, setCurrency] = useState(list.currency ?? "EUR");
  const [rows, setRows] = useState<readonly Row[]>(() => rowsOf(list));
  const [save, isBusy] = useChange<PricesMutation>(graphql`
    mutation PricesMutation($input: SetPricesInput!) {
      setPrices(input: $input) {
        ... on SetPricesSuccess {
          priceList {
            ...Prices_list
          }
        }
        ... on Error {
          code
          message
        }
      }
    }
  `);
  const add = (): void => setRows([...rows, emptyRow(Math.max(0, ...rows.map((row) => row.key)) + 1)]);
  const prices = rows.filter((row) => row.model.trim() !== "").map(inputOf);
  return (
    <FormDialog
      isOpen
      size="wide"
      title={t("title")}
      isBusy={isBusy}
      isDisabled={!/^[A-Z]{3}$/.test(currency)}
      onSubmit={() => save({ input: { currency, prices } }).then(onDone)}
      onClose={onClose}
    >
      <TextField
        label={t("currency")}
        hint={t("currencyHint")}
        value={currency}
        onChange={(text) => setCurrency(text.toUpperCase())}
        maxLength={3}
        className="max-w-40"
      />
      {rows.map((row) => (
        <PriceRow
          key={row.key}
          row={row}
          onChange={(changed) => setRows(rows.map((one) => (one.key === row.key ? changed : one)))}
          onRemove={() => setRows(rows.filter((one) => one.key !== row.key))}
        />
      ))}
      <div>
        <Button icon={Plus} onPress={add}>
          {t("add")}
        </Button>
      </div>
    </FormDialog>
  );
}

interface PriceRowProps {
  readonly row: Row;
  readonly onChange: (row: Row) => void;
  readonly onRemove: () => void;
}

function PriceRow({ row, onChange, onRemove }: PriceRowProps) {
  const t = useTranslations("assistant.prices");
  const price = (name: "read" | "cached" | "written") => ({
    label: t(name),
    value: row[name],
    onChange: (value: number) => onChange({ ...row, [name]: value }),
    minValue: 0,
    formatOptions: { maximumFractionDigits: 6 },
  });
  return (
    <div className="grid grid-cols-2 items-end gap-3 sm:grid-cols-[2fr_1fr_1fr_1fr_auto]">
      <TextField
        label={t("model")}
        value={row.model}
        onChange={(model) => onChange({ ...row, model })}
        spellCheck="false"
      />
      <NumberField {...price("read")} />
      <NumberField {...price("cached")} />
      <NumberField {...price("written")} />
      <IconButton icon={Trash2} label={t("remove", { model: row.model })} onPress={onRemove} />
    </div>
  );
}

function emptyRow(key: number): Row {
  return { key, model: "", read: Number.NaN, cached: Number.NaN, written: Number.NaN };
}

function rowsOf(list: Prices_list$data): readonly Row[] {
  if (list.prices.length === 0) return [emptyRow(0)];
  return list.prices.map((price, key) => ({
    key,
    model: price.model,
    read: amount(price.read),
    cached: amount(price.cached),
    written: amount(price.written),
  }));
}

function inputOf({ model, read, cached, written }: Row) {
  return { model: model.trim(), read: micros(read) ?? 0, cached: micros(cached), written: micros(written) ?? 0 };
}
