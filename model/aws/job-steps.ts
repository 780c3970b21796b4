/**
 * Steps of the lake's job that `--steps` may name: those of glue-scripts/lakewright/run.py and
 * steps.py that need no arguments.
 */
export const JOB_STEPS: Readonly<Record<string, string>> = {
  initialise: "create what is missing, empty",
  silver: "apply new files of bronze",
  relist: "the same over all of bronze, for files that came late",
  "quality.silver": "check silver's rules",
  gate: "end here where one that stops does not hold",
  gold: "refresh the models that changed inputs touch",
  "gold.due": "the same, where gold is as old as it may be",
  "quality.gold": "check gold's rules",
  quality: "check all rules",
  maintain: "compact, clean and vacuum tables",
  requests: "answer what `./lake rollback --stack` and its like ask",
};
