/** The files that go with a message: images to look at, everything to save. */
import { Download, File as FileIcon, FileWarning, Loader2 } from "lucide-react";
import { useEffect, useState } from "react";
import { graphql, useFragment, useRelayEnvironment } from "react-relay";
import { useFormatter, useTranslations } from "use-intl";
import type { Attachments_file$key } from "~/__generated__/Attachments_file.graphql";
import { freshAddress, sizeOf } from "~/app/files";
import { IconButton } from "~/components/Button";
import { useTellProblem } from "~/components/Toast";

const FILE = graphql`
  fragment Attachments_file on File @relay(plural: true) {
    id
    name
    contentType
    size
    state
    url
  }
`;

export default function Attachments({ files: key }: { readonly files: Attachments_file$key }) {
  const t = useTranslations("conversation.files");
  const files = useFragment(FILE, key);
  useLookingAgain(files.filter((file) => file.state === "CHECKING").map((file) => file.id));
  if (files.length === 0) return null;
  return (
    <ul aria-label={t("title")} className="mt-2 flex flex-col gap-2">
      {files.map((file) => (
        <li key={file.id}>
          {file.state === "READY" && file.contentType.startsWith("image/") && file.url && (
            <Preview id={file.id} name={file.name} url={file.url} />
          )}
          <Attachment file={file} />
        </li>
      ))}
    </ul>
  );
}

/** A check takes a moment, and no event tells of its end. */
const LOOK_EVERY = 2_000;

function useLookingAgain(ids: readonly string[]): void {
  const environment = useRelayEnvironment();
  const checked = ids.join(" ");
  useEffect(() => {
    if (!checked) return;
    const timer = setInterval(() => {
      for (const id of checked.split(" ")) freshAddress(environment, id).catch(() => {});
    }, LOOK_EVERY);
    return () => clearInterval(timer);
  }, [environment, checked]);
}

/** Addresses are good for minutes: an image that is gone is asked for once more. */
function Preview({ id, name, url }: { readonly id: string; readonly name: string; readonly url: string }) {
  const environment = useRelayEnvironment();
  const [address, setAddress] = useState(url);
  const [isOld, setOld] = useState(false);
  const again = (): void => {
    if (isOld) return;
    setOld(true);
    void freshAddress(environment, id).then((fresh) => fresh && setAddress(fresh));
  };
  return <img src={address} alt={name} onError={again} className="mb-1 max-h-64 max-w-full rounded-lg" />;
}

interface AttachmentProps {
  readonly file: { readonly id: string; readonly name: string; readonly size: number; readonly state: string };
}

function Attachment({ file }: AttachmentProps) {
  const t = useTranslations("conversation.files");
  const format = useFormatter();
  const environment = useRelayEnvironment();
  const tellProblem = useTellProblem();
  const save = (): void => {
    freshAddress(environment, file.id)
      .then((address) => address && location.assign(address))
      .catch(tellProblem);
  };
  const Icon = file.state === "REFUSED" ? FileWarning : file.state === "READY" ? FileIcon : Loader2;
  return (
    <div className="flex min-h-8 items-center gap-2 rounded-md bg-surface/70 ps-2 text-xs">
      <Icon size={16} aria-hidden className={file.state === "CHECKING" ? "shrink-0 animate-spin" : "shrink-0"} />
      <span className="min-w-0 flex-1 truncate">{file.name}</span>
      <span className="shrink-0 pe-2 text-ink-faint">
        {file.state === "READY"
          ? sizeOf(file.size, format)
          : t(`states.${file.state === "REFUSED" ? "REFUSED" : "CHECKING"}`)}
      </span>
      {file.state === "READY" && <IconButton icon={Download} label={t("save", { name: file.name })} onPress={save} />}
    </div>
  );
}
