import { createAccount } from "./stacks/account";
import { createEnvironment } from "./stacks/environment";
import { readSettings } from "./stacks/settings";

const settings = readSettings();

/** The stack's outputs: model/aws/outputs.ts says what an environment gives, stacks/account.ts the account. */
export =
  settings.kind === "account"
    ? createAccount(settings.account)
    : createEnvironment(settings.environment);
