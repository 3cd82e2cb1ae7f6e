/** Which address shows which page; each page is fetched when somebody goes there, and an area knows its own pages. */
import { lazy } from "react";
import { Redirect, Route, Switch } from "./app/navigation";
import { Shell } from "./app/Shell";

const SignIn = lazy(() => import("./pages/SignIn/SignIn"));
const Inbox = lazy(() => import("./pages/Inbox/Inbox"));
const Settings = lazy(() => import("./pages/Settings/Settings"));
const NotFound = lazy(() => import("./pages/NotFound/NotFound"));

/** Before somebody is signed in, and after: the latter have the shell around them. */
export function Routes() {
  return (
    <Switch>
      <Route path="/sign-in" component={SignIn} />
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
      <Route path="/">
        <Redirect to="/inbox" replace />
      </Route>
      <Route path="/inbox/*?" component={Inbox} />
      <Route path="/settings/*?" component={Settings} />
      <Route component={NotFound} />
    </Switch>
  );
}
