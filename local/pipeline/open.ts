import { loadLake } from "../../lakes/load";
import type { Lake } from "../../model/lake";
import { SparkApplication } from "../spark";
import type { Progress } from "../toolchain";
import { Pipeline } from "./pipeline";

/** A lake whose Spark application runs or is about to, until it is disposed of. */
export interface OpenLake extends AsyncDisposable {
  readonly lake: Lake;
  readonly spark: SparkApplication;
  readonly pipeline: Pipeline;
}

/**
 * Starts the Spark application of a lake. What does not need it goes on meanwhile: steps wait for it.
 * @param access `write` holds the lake's writer lock; `read` goes beside a writer
 * @throws UserError when another application writes the lake
 */
export async function openLake(
  name: string,
  access: "read" | "write",
  progress?: Progress,
): Promise<OpenLake> {
  const lake = loadLake(name);
  const spark = await SparkApplication.start({ lake, access, progress });
  const pipeline = new Pipeline(lake, spark);
  return { lake, spark, pipeline, [Symbol.asyncDispose]: () => spark.stop() };
}
