import type { TransferResult } from "../local/files/transfer";
import type { Transfer } from "../local/files/transfer-log";
import { readableBytes } from "../shared/bytes";

export function printTransfer({ file, bytes }: Transfer): void {
  console.log(`file ${file}: transferred, ${readableBytes(bytes)}`);
}

export function printRefused({ file, reason }: TransferResult["refused"][number]): void {
  console.error(`file ${file}: ${reason}`);
}

/** Prints which files a pass left where they were dropped, and why. */
export function printNotTransferred({ waiting, refused }: TransferResult): void {
  for (const file of waiting)
    console.log(`file ${file}: is still being written; left to a later run`);
  refused.forEach(printRefused);
}
