/** What of the audit log is to be shown. */
import { X } from "lucide-react";
import { graphql, useLazyLoadQuery } from "react-relay";
import { useTranslations } from "use-intl";
import type { AuditFiltersQuery } from "~/__generated__/AuditFiltersQuery.graphql";
import { Button } from "~/components/Button";
import { ComboBox, Select } from "~/components/Choice";
import { TextField } from "~/components/Field";
import { useAuditFilter } from "./filter";
import { kindWords } from "./kinds";

const ANYBODY = "";

export function AuditFilters() {
  const t = useTranslations("people.audit");
  const parts = useTranslations("people.parts");
  const { filter, put, clear } = useAuditFilter();
  const { auditKinds, agents } = useLazyLoadQuery<AuditFiltersQuery>(
    graphql`
      query AuditFiltersQuery {
        auditKinds
        agents(first: 100) {
          nodes {
            id
            name
          }
        }
      }
    `,
    {},
  );
  const isAny = filter.kinds.length > 0 || filter.actor || filter.from || filter.to;
  const unchosen = auditKinds.filter((kind) => !filter.kinds.includes(kind));
  return (
    <search className="flex flex-wrap items-end gap-3">
      <ComboBox
        key={filter.kinds.length}
        label={t("kinds")}
        placeholder={filter.kinds.length === 0 ? t("allKinds") : undefined}
        value={null}
        onChange={(kind) => kind && put({ kinds: [...filter.kinds, kind] })}
        choices={unchosen.map((id) => ({ id, label: kindWords(id) }))}
        className="w-56"
      />
      <Select
        label={t("actor")}
        value={filter.actor ?? ANYBODY}
        onChange={(actor) => put({ actor: actor || null })}
        choices={[{ id: ANYBODY, label: t("anybody") }, ...agents.nodes.map(({ id, name }) => ({ id, label: name }))]}
        className="w-44"
      />
      <TextField
        label={t("from")}
        type="date"
        value={filter.from}
        onChange={(from) => put({ from })}
        className="w-40"
      />
      <TextField label={t("to")} type="date" value={filter.to} onChange={(to) => put({ to })} className="w-40" />
      {isAny && (
        <Button look="quiet" onPress={clear}>
          {t("clear")}
        </Button>
      )}
      {filter.kinds.length > 0 && (
        <div className="flex basis-full flex-wrap gap-1.5">
          {filter.kinds.map((kind) => (
            <Button
              key={kind}
              className="rounded-full"
              aria-label={parts("remove", { name: kindWords(kind) })}
              onPress={() => put({ kinds: filter.kinds.filter((one) => one !== kind) })}
            >
              {kindWords(kind)}
              <X size={14} aria-hidden />
            </Button>
          ))}
        </div>
      )}
    </search>
  );
}
