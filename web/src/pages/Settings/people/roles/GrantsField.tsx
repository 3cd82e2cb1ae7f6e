/** What somebody or something may do: every permission with how far it reaches. */
import { ToggleButton, ToggleButtonGroup } from "react-aria-components";
import { graphql, useFragment } from "react-relay";
import { useTranslations } from "use-intl";
import type { GrantsField_permissions$key } from "~/__generated__/GrantsField_permissions.graphql";
import { useViewer } from "~/app/viewer";
import { Checkbox } from "~/components/Choice";
import { asGrants, covers, type Grants, granted, grouped, type Permission, type Scope } from "./grants";

interface GrantsFieldProps {
  readonly permissions: GrantsField_permissions$key;
  readonly value: Grants;
  readonly onChange: (grants: Grants) => void;
  readonly isReadOnly?: boolean;
  /** Keys reach everywhere, or are not given. */
  readonly onlyAll?: boolean;
}

export function GrantsField({ permissions, value, onChange, isReadOnly = false, onlyAll = false }: GrantsFieldProps) {
  const t = useTranslations("people.grants");
  const held = asGrants(useViewer().grants);
  const entries = useFragment(
    graphql`
      fragment GrantsField_permissions on PermissionEntry @relay(plural: true) {
        permission
        description
        scopes
      }
    `,
    permissions,
  );
  return (
    <div className="flex flex-col gap-5">
      {grouped(entries).map(([group, mine]) => (
        <fieldset key={group} className="flex flex-col">
          <legend className="pb-1 font-medium text-ink-muted text-xs">{t(`groups.${group}`)}</legend>
          {mine.map((entry) => (
            <Line
              key={entry.permission}
              permission={entry.permission}
              description={entry.description}
              scopes={onlyAll ? entry.scopes.filter((scope) => scope === "ALL") : entry.scopes}
              value={value.get(entry.permission) ?? null}
              held={held.get(entry.permission)}
              isReadOnly={isReadOnly}
              onChange={(scope) => onChange(granted(value, entry.permission, scope))}
            />
          ))}
        </fieldset>
      ))}
    </div>
  );
}

interface LineProps {
  readonly permission: Permission;
  readonly description: string;
  readonly scopes: readonly Scope[];
  readonly value: Scope | null;
  readonly held: Scope | undefined;
  readonly isReadOnly: boolean;
  readonly onChange: (scope: Scope | null) => void;
}

function Line({ permission, description, scopes, value, held, isReadOnly, onChange }: LineProps) {
  const t = useTranslations("people.grants");
  const about = t.has(`about.${permission}`) ? t(`about.${permission}`) : description;
  const mine = scopes.filter((scope) => covers(held, scope));
  const widest = mine.at(-1);
  const isFixed = isReadOnly || widest === undefined;
  return (
    <div className="flex min-h-9 flex-wrap items-center justify-between gap-x-4 border-line border-b py-1 last:border-0">
      <div className="min-w-0">
        <Checkbox
          isSelected={value !== null}
          isDisabled={isFixed && !isReadOnly}
          isReadOnly={isReadOnly}
          onChange={(isGiven) => onChange(isGiven && widest ? widest : null)}
        >
          <span>{about}</span>
        </Checkbox>
        {widest === undefined && !isReadOnly && <p className="ps-6 text-ink-faint text-xs">{t("notYours")}</p>}
      </div>
      {value !== null && scopes.length > 1 && (
        <ToggleButtonGroup
          aria-label={t("scope", { name: about })}
          selectionMode="single"
          disallowEmptySelection
          isDisabled={isFixed}
          selectedKeys={[value]}
          onSelectionChange={([chosen]) => chosen && onChange(chosen as Scope)}
          className="ms-6 flex rounded-md border border-line p-0.5"
        >
          {scopes.map((scope) => (
            <ToggleButton
              key={scope}
              id={scope}
              isDisabled={!covers(held, scope)}
              className="min-h-6 cursor-default rounded px-2 text-ink-muted text-xs selected:bg-accent-soft selected:font-medium selected:text-accent-ink"
            >
              {t(`scopes.${scope}`)}
            </ToggleButton>
          ))}
        </ToggleButtonGroup>
      )}
    </div>
  );
}
