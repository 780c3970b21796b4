/** Replaces credentials in connection strings by stars, wherever they stand in a text. */
export function withoutCredentials(text: string): string {
  return text.replace(/(postgres(?:ql)?:\/\/[^:@/\s]*):[^\s]*@/g, "$1:***@");
}

/**
 * Hides passwords of this process's arguments from process lists, by renaming the process.
 * They are there for the moment until this runs; `LAKEWRIGHT_SOURCE` or `PGPASSWORD` never are.
 */
export function hideArgumentCredentials(argv: readonly string[] = process.argv): void {
  const shown = argv.map(withoutCredentials);
  if (shown.some((part, index) => part !== argv[index])) process.title = shown.join(" ");
}
