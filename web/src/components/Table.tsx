/** Rows of facts: a plain table, which reads well on a phone too, and a list of things with what can be done to each. */
import type { ReactNode } from "react";
import { cx } from "./style";

export interface Column<Row> {
  readonly id: string;
  readonly label: string;
  readonly cell: (row: Row) => ReactNode;
  /** Numbers stand at the end of the line. */
  readonly isNumber?: boolean;
  /** Left out where there is no room. */
  readonly isMinor?: boolean;
  /** The words of the head are only read out: for buttons. */
  readonly isLabelHidden?: boolean;
}

interface TableProps<Row> {
  readonly label: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly keyOf: (row: Row) => string;
}

export function Table<Row>({ label, columns, rows, keyOf }: TableProps<Row>) {
  const place = (column: Column<Row>): string =>
    cx(
      "px-3 py-2 align-middle",
      column.isNumber ? "text-end tabular-nums" : "text-start",
      column.isMinor && "max-sm:hidden",
    );
  return (
    <div className="overflow-x-auto">
      <table aria-label={label} className="w-full border-collapse text-sm">
        <thead>
          <tr className="border-line border-b text-ink-faint text-xs">
            {columns.map((column) => (
              <th key={column.id} scope="col" className={cx(place(column), "font-medium")}>
                <span className={column.isLabelHidden ? "sr-only" : undefined}>{column.label}</span>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={keyOf(row)} className="border-line border-b last:border-0 hover:bg-hover">
              {columns.map((column) => (
                <td key={column.id} className={place(column)}>
                  {column.cell(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

interface ListProps {
  readonly label: string;
  readonly children: ReactNode;
}

export function List({ label, children }: ListProps) {
  return (
    <ul aria-label={label} className="divide-y divide-line">
      {children}
    </ul>
  );
}

interface ListItemProps {
  readonly mark?: ReactNode;
  readonly title: ReactNode;
  readonly detail?: ReactNode;
  readonly actions?: ReactNode;
}

export function ListItem({ mark, title, detail, actions }: ListItemProps) {
  return (
    <li className="flex min-h-11 items-center gap-3 py-2">
      {mark}
      <div className="min-w-0 flex-1">
        <div className="truncate font-medium">{title}</div>
        {detail && <div className="text-ink-muted text-xs">{detail}</div>}
      </div>
      {actions && <div className="flex shrink-0 items-center gap-1">{actions}</div>}
    </li>
  );
}
