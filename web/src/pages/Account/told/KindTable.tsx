/** Of what, by which means: one line for each kind. */
import { useTranslations } from "use-intl";
import { Badge } from "~/components/Badge";
import { Checkbox } from "~/components/Choice";
import { type Choice, type Form, MEANS, type Means, toggled } from "./preferences";

interface KindTableProps {
  readonly form: Form;
  readonly onChange: (form: Form) => void;
}

export function KindTable({ form, onChange }: KindTableProps) {
  const t = useTranslations("account.told");
  return (
    <div className="overflow-x-auto">
      <table className="w-full border-collapse text-sm">
        <thead>
          <tr className="border-line border-b text-ink-faint text-xs">
            <th scope="col" className="py-2 text-start font-medium">
              {t("what")}
            </th>
            {MEANS.map((means) => (
              <th key={means} scope="col" className="px-2 py-2 text-center font-medium">
                {t(`means.${means}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {form.kinds.map((choice) => (
            <Line
              key={choice.kind}
              choice={choice}
              onToggle={(means, isOn) => onChange(toggled(form, choice.kind, means, isOn))}
            />
          ))}
        </tbody>
      </table>
    </div>
  );
}

interface LineProps {
  readonly choice: Choice;
  readonly onToggle: (means: Means, isOn: boolean) => void;
}

function Line({ choice, onToggle }: LineProps) {
  const t = useTranslations("account.told");
  const kind = t(`kind.${choice.kind}`);
  return (
    <tr className="border-line border-b last:border-0">
      <th scope="row" className="py-1.5 pe-2 text-start font-normal">
        {kind} {choice.isUrgent && <Badge tone="warning">{t("urgent")}</Badge>}
      </th>
      {MEANS.map((means) => (
        <td key={means} className="px-2 py-1.5">
          <span className="flex justify-center">
            <Checkbox
              aria-label={`${kind}: ${t(`means.${means}`)}`}
              isSelected={choice.means.includes(means)}
              onChange={(isOn) => onToggle(means, isOn)}
            >
              {null}
            </Checkbox>
          </span>
        </td>
      ))}
    </tr>
  );
}
