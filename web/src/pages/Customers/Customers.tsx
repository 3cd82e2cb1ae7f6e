/** The customers: all of them, and each by their own. */
import { Route, Switch } from "~/app/navigation";
import { People } from "./People";
import { Person } from "./Person";

export default function Customers() {
  return (
    <Switch>
      <Route path="/customers/:id">{({ id }) => <Person key={id} id={decodeURIComponent(id)} />}</Route>
      <Route>
        <People />
      </Route>
    </Switch>
  );
}
