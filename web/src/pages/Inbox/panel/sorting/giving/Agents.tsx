/** Who could have the conversation: oneself first, then the others with what they have already. */
import { graphql, useLazyLoadQuery } from "react-relay";
import { useTranslations } from "use-intl";
import type { AgentsQuery } from "~/__generated__/AgentsQuery.graphql";
import { useViewer } from "~/app/viewer";
import { Avatar } from "~/components/Badge";
import Picker from "../Picker";

interface AgentsProps {
  readonly chosen: string | undefined;
  readonly onChoose: (id: string) => void;
}

export default function Agents({ chosen, onChoose }: AgentsProps) {
  const t = useTranslations("panel.assignee");
  const { agent: me } = useViewer();
  const { agents } = useLazyLoadQuery<AgentsQuery>(
    graphql`
      query AgentsQuery {
        agents(first: 100) {
          nodes {
            id
            name
            suspendedAt
            availability {
              status
              load
              capacity
            }
          }
        }
      }
    `,
    {},
    { fetchPolicy: "store-and-network" },
  );
  const options = agents.nodes
    .filter((agent) => !agent.suspendedAt)
    .map((agent) => ({
      id: agent.id,
      label: agent.id === me?.id ? t("me", { name: agent.name }) : agent.name,
      mark: <Avatar name={agent.name} size={20} />,
      detail: agent.availability
        ? t("standing", {
            status: t(`status.${agent.availability.status}`),
            load: agent.availability.load,
            capacity: agent.availability.capacity,
          })
        : undefined,
    }))
    .sort((one, other) => Number(other.id === me?.id) - Number(one.id === me?.id));
  return (
    <Picker
      label={t("choose")}
      options={options}
      chosen={chosen ? [chosen] : []}
      nothing={t("none")}
      onChange={([id]) => id && id !== chosen && onChoose(id)}
    />
  );
}
