/** The folder of an epoch in bronze, one full load and the changes after it: `e0001`. */
export function epochFolder(epoch: number): string {
  return `e${String(epoch).padStart(4, "0")}`;
}
