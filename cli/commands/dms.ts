import type { DeployedLake } from "../aws/deployed-lake";
import type { DmsReplication, Replication } from "../aws/dms";
import { type StackFlags, withStackOptions } from "../aws/stack-options";
import type { Epoch, StartType } from "../aws/start-replication";
import type { LakeCommand } from "../command";

interface StartFlags extends StackFlags {
  readonly resume?: boolean;
}

interface StatusFlags extends StackFlags {
  readonly json?: boolean;
}

const NOTE = `
pulumi up creates the replication and never starts it. Stop it before an up that changes tables,
freshness or settings of replication, and start it after. Each command says what it does to the bill.
A reload needs a folder in bronze of its own: raise replication.epoch first.
`;

const STARTED: Readonly<Record<StartType, (epoch: Epoch) => string>> = {
  "start-replication": ({ folder }) => `first start: full load into ${folder}, then changes`,
  "resume-processing": ({ folder }) => `going on with the changes into ${folder}`,
  "reload-target": ({ folder }) => `full load of all tables into ${folder}, then changes`,
};

export const dms: LakeCommand = {
  group: "AWS:",
  register: (program) => {
    const command = program
      .command("dms")
      .description("start, stop, reload or look at the replication by AWS DMS")
      .addHelpText("after", NOTE);
    withStackOptions(command.command("start"))
      .description("start replication: with a full load the first time and into a new epoch")
      .option("--resume", "go on with a full load that broke off")
      .action(start);
    withStackOptions(command.command("stop"))
      .description("stop replication; it goes on from there when it is started")
      .action(stop);
    withStackOptions(command.command("reload"))
      .description("load all tables again, into the folder of a raised replication.epoch")
      .action(reload);
    withStackOptions(command.command("status"))
      .description("its state, and rows loaded and changed per table")
      .option("--json", "print the status as JSON")
      .action(status);
    return command;
  },
};

async function open(
  flags: StackFlags,
): Promise<{ lake: DeployedLake; replication: DmsReplication }> {
  const { openDeployedLake } = await import("../aws/deployed-lake");
  const { DmsReplication } = await import("../aws/dms");
  const lake = await openDeployedLake(flags);
  const { clients, values } = lake;
  return {
    lake,
    replication: new DmsReplication(clients.dms(), clients.s3(), values.replication),
  };
}

async function start({ resume = false, ...flags }: StartFlags): Promise<void> {
  const { isRunning, startType } = await import("../aws/start-replication");
  const { lake, replication } = await open(flags);
  const found = await replication.describe();
  if (isRunning(found)) return console.log(`replication is ${found.status} already`);
  const epoch = await replication.epoch(found);
  await begin(lake, replication, startType(found, epoch, { resume }), epoch, "start");
}

async function reload(flags: StackFlags): Promise<void> {
  const { isRunning, reloadType } = await import("../aws/start-replication");
  const { lake, replication } = await open(flags);
  let found = await replication.describe();
  const epoch = await replication.epoch(found);
  if (isRunning(found) && !epoch.hasFiles) {
    console.log("stopping replication first …");
    await replication.stop();
    await replication.untilStopped(await waiting());
    found = await replication.describe();
  }
  await begin(lake, replication, reloadType(found, epoch), epoch, "reload");
}

async function begin(
  { values }: DeployedLake,
  replication: DmsReplication,
  type: StartType,
  epoch: Epoch,
  command: "start" | "reload",
): Promise<void> {
  const { BILL } = await import("../aws/dms-bill");
  console.log(STARTED[type](epoch));
  console.log(BILL[command][values.replication.kind]);
  await replication.start(type);
  await replication.untilRunning(await waiting());
  if (type !== "resume-processing") {
    console.log(
      "silver and gold follow when every table is loaded; ./lake dms status shows how far",
    );
  }
}

async function stop(flags: StackFlags): Promise<void> {
  const { BILL, STOPPED_NOTE } = await import("../aws/dms-bill");
  const { isStartable } = await import("../aws/start-replication");
  const { lake, replication } = await open(flags);
  const found = await replication.describe();
  if (isStartable(found)) return console.log(`replication does not run: it is ${found.status}`);
  if (found.status !== "stopping") await replication.stop();
  await replication.untilStopped(await waiting());
  console.log(BILL.stop[lake.values.replication.kind]);
  console.log(STOPPED_NOTE);
}

async function status({ json, ...flags }: StatusFlags): Promise<void> {
  const { printJson, printTable } = await import("../output");
  const { replication } = await open(flags);
  const found = await replication.describe();
  const [epoch, tables] = await Promise.all([replication.epoch(found), replication.tables()]);
  if (json) return printJson({ ...found, epoch, tables });
  console.log(describe(found));
  console.log(`writes to s3://${epoch.bucket}/${epoch.folder}`);
  if (tables.length === 0) return;
  const right = (title: string) => ({ title, align: "right" as const });
  printTable(
    ["table", "state", ...["loaded", "inserts", "updates", "deletes"].map(right)],
    tables.map((each) => [
      each.table,
      each.state,
      each.loadedRows,
      each.inserts,
      each.updates,
      each.deletes,
    ]),
  );
}

function describe({ status, loadPercent, loadFinished, loadedFrom, reason }: Replication): string {
  const from = loadedFrom
    ? ` of ${loadedFrom.toISOString().slice(0, 16).replace("T", " ")} UTC`
    : "";
  const load = loadFinished
    ? `full load${from} done`
    : `full load${from} at ${loadPercent ?? 0} percent`;
  const why = status !== "running" && reason ? `: ${reason}` : "";
  return `replication is ${status}${why}; ${load}`;
}

/** Waiting that says each state once, until Ctrl-C. */
async function waiting() {
  const { interruption } = await import("../interrupt");
  let last = "";
  return {
    signal: interruption(),
    onStatus: (status: string) => {
      if (status !== last) console.log(`replication is ${status}`);
      last = status;
    },
  };
}
