import type { Execution } from "../aws/executions";
import { type StackFlags, withStackOptions } from "../aws/stack-options";
import type { LakeCommand } from "../command";

interface RunFlags extends StackFlags {
  readonly steps?: string;
  readonly wait?: boolean;
}

interface StatusFlags extends StackFlags {
  readonly json?: boolean;
}

/** Executions and runs that `job status` shows. */
const SHOWN = 8;

const NOTE = `
Without --steps a whole pass runs: wait for loads, silver with its gate, gold, crawlers where asked.
With --steps those alone, such as silver,gold or relist,gold or maintain. Either waits while another
run is at work, for one Spark application at a time writes. A run is billed for a minute at least.
`;

export const job: LakeCommand = {
  group: "AWS:",
  register: (program) => {
    const command = program
      .command("job")
      .description("run the lake's job on AWS, or look at its runs")
      .addHelpText("after", NOTE);
    withStackOptions(command.command("run"))
      .description("start a pass, or steps of one")
      .option("--steps <names>", "only these steps, by comma")
      .option("--wait", "wait for its end; exit code 1 if it fails")
      .action(run);
    withStackOptions(command.command("status"))
      .description("the newest executions and runs, with what they took")
      .option("--json", "print them as JSON")
      .action(status);
    return command;
  },
};

async function run({ steps, wait, ...flags }: RunFlags): Promise<void> {
  const { Executions, parseSteps } = await import("../aws/executions");
  const { openDeployedLake } = await import("../aws/deployed-lake");
  const { interruption } = await import("../interrupt");
  const names = steps === undefined ? undefined : parseSteps(steps);
  const { values, clients } = await openDeployedLake(flags);
  const executions = new Executions(clients.sfn(), values.stateMachines);
  const arn = await executions.start(names);
  console.log(`started ${arn}`);
  if (!wait) return;
  let last: string | undefined;
  const execution = await executions.untilEnded(arn, {
    signal: interruption(),
    onState: ({ status, state }) => {
      if (status === "RUNNING" && state !== undefined && state !== last) console.log(`${state} …`);
      last = state;
    },
  });
  await printEnd(execution);
  if (execution.status !== "SUCCEEDED") process.exitCode = 1;
}

async function printEnd({ status, state, started, ended, error, cause }: Execution): Promise<void> {
  const { formatSeconds } = await import("../output");
  const seconds = ((ended ?? new Date()).getTime() - started.getTime()) / 1000;
  const where = status === "SUCCEEDED" && state !== undefined ? `, last in "${state}"` : "";
  console.log(`${status.toLowerCase()} after ${formatSeconds(seconds)}${where}`);
  if (error !== undefined) console.error(`${error}: ${causeText(cause)}`);
}

/** Where a run of the job failed, the cause is the run as JSON, with its message. */
function causeText(cause = ""): string {
  try {
    const { ErrorMessage } = JSON.parse(cause) as { ErrorMessage?: string };
    return ErrorMessage ?? cause;
  } catch {
    return cause;
  }
}

async function status({ json, ...flags }: StatusFlags): Promise<void> {
  const { Executions } = await import("../aws/executions");
  const { jobRuns } = await import("../aws/job-runs");
  const { openDeployedLake } = await import("../aws/deployed-lake");
  const { formatSeconds, printJson, printTable } = await import("../output");
  const { values, clients } = await openDeployedLake(flags);
  const [executions, runs] = await Promise.all([
    new Executions(clients.sfn(), values.stateMachines).newest(SHOWN),
    jobRuns(clients.glue(), values.job, SHOWN),
  ]);
  if (json) return printJson({ executions, runs });
  const right = (title: string) => ({ title, align: "right" as const });
  printTable(
    ["execution", "status", "started (UTC)", right("took")],
    executions
      .slice(0, SHOWN)
      .map(({ machine, status: state, started, ended }) => [
        machine,
        state,
        utc(started),
        ended ? formatSeconds((ended.getTime() - started.getTime()) / 1000) : null,
      ]),
  );
  console.log("");
  printTable(
    ["run of the job", "status", "started (UTC)", right("ran"), right("DPU hours"), "steps"],
    runs.map((each) => [
      each.id,
      each.state,
      each.started ? utc(each.started) : null,
      formatSeconds(each.seconds),
      each.dpuHours?.toFixed(2),
      each.steps,
    ]),
  );
  for (const { id, error } of runs) if (error) console.error(`${id}: ${error}`);
}

function utc(date: Date): string {
  return date.toISOString().slice(0, 19).replace("T", " ");
}
