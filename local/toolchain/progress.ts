/** Is told what `part` of the toolchain is doing, in a few words. */
export type Progress = (part: string, message: string) => void;

/** Between two messages that differ in digits alone (bytes, seconds); milliseconds. */
const INTERVAL = 10_000;

/** Passes on what is new and, of counting messages, one every ten seconds: for plain lines. */
export function thinned(report: (message: string) => void): (message: string) => void {
  let last = { shape: "", at: 0 };
  return (message) => {
    const shape = message.replace(/[\d.]+/g, "#");
    if (shape === last.shape && Date.now() - last.at < INTERVAL) return;
    last = { shape, at: Date.now() };
    report(message);
  };
}

/** Progress on standard error: one line rewritten on a terminal, plain lines elsewhere. */
export function consoleProgress(stream: NodeJS.WriteStream = process.stderr): Progress {
  const plain = thinned((line) => void stream.write(`${line}\n`));
  let openPart: string | undefined;
  return (part, message) => {
    const line = `${part}: ${message}`;
    if (!stream.isTTY) return plain(line);
    if (openPart && openPart !== part) stream.write("\n");
    stream.write(`\r\x1b[K${line.slice(0, Math.max(20, stream.columns - 1))}`);
    openPart = message === READY ? undefined : part;
    if (!openPart) stream.write("\n");
  };
}

/** The message that closes a part. */
export const READY = "ready";
