import { z } from "zod";

import { scheduleProblem } from "../model/aws/transfer";
import { arn, principalArn } from "./arn";

const agentArn = z
  .string()
  .regex(/^arn:aws[a-z-]*:datasync:[^:]*:\d{12}:agent\//, "expected the ARN of a DataSync agent");

const schedule = z.string().superRefine((expression, { addIssue }) => {
  const message = expression === "none" ? undefined : scheduleProblem(expression);
  if (message) addIssue({ code: "custom", message });
});

/** Where and how, whatever the protocol; components/file-transfer-args.ts says what each is. */
const transfer = {
  server: z.string().min(1),
  path: z.string().startsWith("/", "expected a path from /"),
  agents: z.array(agentArn).min(1),
  schedule: schedule.optional(),
  mbPerSecond: z.number().positive().optional(),
  verifyMode: z.enum(["ONLY_FILES_TRANSFERRED", "POINT_IN_TIME_CONSISTENT"]).optional(),
  overwrite: z.boolean().optional(),
  storageClass: z.enum(["STANDARD", "STANDARD_IA", "GLACIER_INSTANT_RETRIEVAL"]).optional(),
  /** Patterns of DataSync; `|` stands between two. */
  exclude: z.array(z.string().regex(/^[^|]+$/, "expected one pattern, without |")).optional(),
  starters: z.array(principalArn).optional(),
};

/** The transfer of dropped files from a file server by AWS DataSync. */
export const fileTransferSettings = z.discriminatedUnion("protocol", [
  z.strictObject({
    protocol: z.literal("nfs"),
    version: z.enum(["AUTOMATIC", "NFS3", "NFS4_0", "NFS4_1"]).optional(),
    ...transfer,
  }),
  z.strictObject({
    protocol: z.literal("smb"),
    version: z.enum(["AUTOMATIC", "SMB2", "SMB3"]).optional(),
    secretArn: arn,
    ...transfer,
  }),
]);

export type FileTransferSettings = z.output<typeof fileTransferSettings>;
