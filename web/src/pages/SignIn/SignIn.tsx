/** The doors: which address is which page before somebody is signed in. */
import { Route, Switch } from "~/app/navigation";
import { AcceptInvitation } from "./joining/AcceptInvitation";
import { SignUp } from "./joining/SignUp";
import { PasswordDoor } from "./PasswordDoor";
import { ForgotPassword } from "./recovery/ForgotPassword";
import { ResetPassword } from "./recovery/ResetPassword";
import { Verify } from "./recovery/Verify";

export default function SignIn() {
  return (
    <Switch>
      <Route path="/forgot-password" component={ForgotPassword} />
      <Route path="/reset-password" component={ResetPassword} />
      <Route path="/verify" component={Verify} />
      <Route path="/accept-invitation" component={AcceptInvitation} />
      <Route path="/sign-up" component={SignUp} />
      <Route component={PasswordDoor} />
    </Switch>
  );
}
