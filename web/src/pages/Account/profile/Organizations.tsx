/** Where else somebody works, and going there. */
import { useEffect, useState } from "react";
import { useTranslations } from "use-intl";
import { useFreshStore } from "~/app/App";
import { useNavigate } from "~/app/navigation";
import { useViewer } from "~/app/viewer";
import { Avatar, Badge } from "~/components/Badge";
import { Button } from "~/components/Button";
import { Section } from "~/components/Page";
import { List, ListItem } from "~/components/Table";
import { useTellProblem } from "~/components/Toast";
import { get, post } from "~/session";

interface Named {
  readonly slug: string;
  readonly name: string;
}

/** Nothing for who works in one organization alone. */
export function Organizations() {
  const t = useTranslations("account.organizations");
  const here = useViewer().organization?.slug;
  const organizations = useOrganizations();
  const [going, setGoing] = useState<string>();
  const tellProblem = useTellProblem();
  const navigate = useNavigate();
  const fresh = useFreshStore();
  if (organizations.length < 2) return null;
  const go = async (slug: string): Promise<void> => {
    setGoing(slug);
    try {
      await post("/auth/switch", { organization: slug });
      navigate("/");
      fresh();
    } catch (error) {
      tellProblem(error);
    } finally {
      setGoing(undefined);
    }
  };
  return (
    <Section title={t("title")} about={t("about")}>
      <List label={t("title")}>
        {organizations.map(({ slug, name }) => (
          <ListItem
            key={slug}
            mark={<Avatar name={name} />}
            title={name}
            actions={
              slug === here ? (
                <Badge tone="accent">{t("current")}</Badge>
              ) : (
                <Button isBusy={going === slug} onPress={() => void go(slug)}>
                  {t("go")}
                </Button>
              )
            }
          />
        ))}
      </List>
    </Section>
  );
}

/** Those that one can go on in: none until they are known, and for who came by a provider. */
function useOrganizations(): readonly Named[] {
  const [found, setFound] = useState<readonly Named[]>([]);
  useEffect(() => {
    get<{ organizations: readonly Named[] }>("/auth/organizations").then(
      (answer) => setFound(answer.organizations),
      () => setFound([]),
    );
  }, []);
  return found;
}
