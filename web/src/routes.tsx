/** Which address shows which page; pages and their words are fetched when somebody goes there. An area knows its own pages. */
import { type ComponentType, lazy } from "react";
import { Route, Switch } from "./app/navigation";
import { Shell } from "./app/Shell";
import { type Area, load } from "./messages";
import { chosenLanguage, Words } from "./preferences";

type Page = () => Promise<{ default: ComponentType }>;

/** A page inside its words; both are on their way at once. */
function page(areas: readonly Area[], get: Page): ComponentType {
  const Inside = lazy(() => {
    for (const area of areas) void load(chosenLanguage(), area);
    return get();
  });
  return () => (
    <Words areas={areas}>
      <Inside />
    </Words>
  );
}

const SignIn = page(["signIn"], () => import("./pages/SignIn/SignIn"));
const Inbox = page(["inbox"], () => import("./pages/Inbox/Inbox"));
const Queue = page(["queue"], () => import("./pages/Queue/Queue"));
const Search = page(["search"], () => import("./pages/Search/Search"));
const Customers = page(["customers", "panel", "privacy"], () => import("./pages/Customers/Customers"));
const Knowledge = page(["knowledge"], () => import("./pages/Knowledge/Knowledge"));
const Assistant = page(["assistant"], () => import("./pages/Assistant/Assistant"));
const Analytics = page(["analytics"], () => import("./pages/Analytics/Analytics"));
const Settings = page(
  ["people", "privacy", "desk", "tags", "automation", "connections"],
  () => import("./pages/Settings/Settings"),
);
const Account = page(["account", "notifications"], () => import("./pages/Account/Account"));
const Start = page(["start", "people"], () => import("./pages/Start/Start"));
const Home = page([], () => import("./pages/Start/Home"));
const NotFound = page([], () => import("./pages/NotFound/NotFound"));

/** Before somebody is signed in there is no shell around a page. */
const DOORS = ["/sign-in", "/forgot-password", "/reset-password", "/verify", "/accept-invitation", "/sign-up"];

const ROOMS: readonly (readonly [path: string, page: ComponentType])[] = [
  ["/inbox/*?", Inbox],
  ["/queue/*?", Queue],
  ["/search/*?", Search],
  ["/customers/*?", Customers],
  ["/knowledge/*?", Knowledge],
  ["/assistant/*?", Assistant],
  ["/analytics/*?", Analytics],
  ["/settings/*?", Settings],
  ["/me/*?", Account],
  ["/start", Start],
];

export function Routes() {
  return (
    <Switch>
      {DOORS.map((path) => (
        <Route key={path} path={path} component={SignIn} />
      ))}
      <Route>
        <Shell>
          <Rooms />
        </Shell>
      </Route>
    </Switch>
  );
}

function Rooms() {
  return (
    <Switch>
      <Route path="/" component={Home} />
      {ROOMS.map(([path, component]) => (
        <Route key={path} path={path} component={component} />
      ))}
      <Route component={NotFound} />
    </Switch>
  );
}
