/** Replaces credentials in connection strings by stars, wherever they stand in a text. */
export function withoutCredentials(text: string): string {
  return text.replace(/(postgres(?:ql)?:\/\/[^:@/\s]*):[^\s]*@/g, "$1:***@");
}
