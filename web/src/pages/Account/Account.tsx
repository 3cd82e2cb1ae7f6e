/** Who one is here, how one gets in, and how one is told of things. */
import { useTranslations } from "use-intl";
import { useNavigate, usePath } from "~/app/navigation";
import { Page } from "~/components/Page";
import { Tabs } from "~/components/Tabs";
import { Profile } from "./profile/Profile";
import { Security } from "./security/Security";
import { Told } from "./told/Told";

type Part = "profile" | "security" | "notifications";

export default function Account() {
  const t = useTranslations("account");
  const path = usePath();
  const navigate = useNavigate();
  const part: Part = path.startsWith("/me/security")
    ? "security"
    : path.startsWith("/me/notifications")
      ? "notifications"
      : "profile";
  const go = (to: Part): void => navigate(to === "profile" ? "/me" : `/me/${to}`);
  return (
    <Page title={t("title")} about={t("about")}>
      <Tabs
        label={t("title")}
        selected={part}
        onSelect={go}
        tabs={[
          { id: "profile", label: t("tabs.profile"), content: <Profile /> },
          { id: "security", label: t("tabs.security"), content: <Security /> },
          { id: "notifications", label: t("tabs.notifications"), content: <Told /> },
        ]}
      />
    </Page>
  );
}
