export default {
  title: "Sign in to Parley",
  email: "E-mail address",
  password: "Password",
  submit: "Sign in",
  forgot: "Forgot your password?",
  organization: "Which organization?",
  code: "Code of your app",
  codeHint: "Six digits from your authenticator app.",
  recovery: "Use a recovery code",
  recoveryCode: "Recovery code",
  useCode: "Use your app instead",
  verify: "Go on",
} as const;
