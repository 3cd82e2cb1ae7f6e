/** Signing in elsewhere: the buttons of an organization, or the question for the organization. */
import { KeyRound } from "lucide-react";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { Button } from "~/components/Button";
import { Problem } from "~/components/Feedback";
import { TextField } from "~/components/Field";
import { cx } from "~/components/style";
import { DoorForm } from "./frame/Door";
import { useDestination } from "./frame/posting";
import type { Ways } from "./ways";

interface ProvidersProps {
  readonly ways: Ways;
  readonly onFind: (slug: string) => Promise<boolean>;
  /** Whether something else is offered above. */
  readonly isSeparate: boolean;
}

export function Providers({ ways, onFind, isSeparate }: ProvidersProps) {
  const t = useTranslations("signIn");
  const [isAsking, setAsking] = useState(false);
  const next = useDestination();
  const doors = ways.providers.map(({ id, name }) => (
    // A page of the server, not of ours: it sends the browser to the provider.
    <a
      key={id}
      href={`/auth/oidc/${id}/start?return_to=${encodeURIComponent(next)}`}
      className="inline-flex min-h-8 items-center justify-center gap-1.5 rounded-md border border-line bg-surface px-3 font-medium text-sm hover:bg-hover"
    >
      <KeyRound size={16} aria-hidden />
      {t("providers.by", { name })}
    </a>
  ));
  return (
    <>
      <p className={cx("text-center text-ink-faint text-xs", !isSeparate && "hidden")}>{t("or")}</p>
      {doors}
      {doors.length === 0 &&
        (isAsking ? (
          <Question onFind={onFind} />
        ) : (
          <Button icon={KeyRound} onPress={() => setAsking(true)}>
            {t("providers.open")}
          </Button>
        ))}
    </>
  );
}

function Question({ onFind }: Pick<ProvidersProps, "onFind">) {
  const t = useTranslations("signIn.providers");
  const [slug, setSlug] = useState("");
  const [problem, setProblem] = useState<unknown>(null);
  const [isUnknown, setUnknown] = useState(false);
  const find = async (): Promise<void> => {
    setProblem(null);
    await onFind(slug.trim().toLowerCase()).then((isFound) => setUnknown(!isFound), setProblem);
  };
  return (
    <DoorForm onSubmit={() => void find()}>
      <TextField
        label={t("slug")}
        hint={t("slugHint")}
        problem={isUnknown ? t("none") : undefined}
        value={slug}
        onChange={setSlug}
        spellCheck="false"
        autoFocus
        isRequired
      />
      <Problem of={problem} />
      <Button type="submit">{t("find")}</Button>
    </DoorForm>
  );
}
