import { createAccount } from "./stacks/account";
import { createEnvironment } from "./stacks/environment";
import { readSettings } from "./stacks/settings";

const settings = readSettings();

/** The stack's outputs, as model/aws/outputs.ts (environments) and stacks/account.ts say. */
export = settings.kind === "account"
  ? createAccount(settings.account)
  : createEnvironment(settings.environment);
