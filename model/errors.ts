/** A mistake of the user's or of the surroundings: printed as its message alone, without a stack trace. */
export class UserError extends Error {
  override readonly name = "UserError";
}
