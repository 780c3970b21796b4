import type { LakeValues } from "../../model/aws/outputs";

type Kind = LakeValues["replication"]["kind"];

/**
 * What each command does to the bill and to the source. Source: AWS DMS pricing page; AWS DMS user
 * guide, "Working with AWS DMS Serverless" and "Using a PostgreSQL database as an AWS DMS source".
 */
export const BILL: Readonly<Record<"start" | "stop" | "reload", Record<Kind, string>>> = {
  start: {
    task: "bill: none is added for the task; its instance is billed by the hour, running or not",
    serverless: "bill: capacity units are billed by the hour from now until ./lake dms stop",
  },
  stop: {
    task: "bill: unchanged, for the instance is billed by the hour whether its task runs or not",
    serverless: "bill: capacity is billed no more",
  },
  reload: {
    task: "bill: bronze holds all tables once more (the old folder stays), and the next pass rewrites silver and gold; the instance costs what it did",
    serverless:
      "bill: capacity units by the hour, more of them during the load; bronze holds all tables once more (the old folder stays), and the next pass rewrites silver and gold",
  },
};

/** What stopping does to the source. */
export const STOPPED_NOTE =
  "source: it keeps its write-ahead log for the replication slot until replication goes on; its disk fills if that takes days";
