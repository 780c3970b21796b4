import pc from "picocolors";

import { loadLake } from "../lakes/load";
import { MAX_HUDI_COMMITS, shortHistory } from "../model/history-window";
import { freshnessMinutes } from "../stacks/freshness";
import type { Settings } from "../stacks/settings";

/** Prints for each lake of a stack whose Hudi tables keep less history than it wants what they keep. */
export function printShortHistories(settings: Settings): void {
  if (settings.kind === "account") return;
  for (const [name, lakeSettings] of Object.entries(settings.environment.lakes)) {
    const lake = loadLake(name);
    const { watch } = lakeSettings.job;
    const minutes = watch ? (watch.everySeconds ?? 30) / 60 : freshnessMinutes(lakeSettings, lake);
    const days = shortHistory(lake.manifest, minutes);
    if (days === undefined) continue;
    const most = MAX_HUDI_COMMITS.toLocaleString("en-US");
    console.log(
      `${pc.yellow("short")}: lake ${name} wants ${lake.manifest.history_days} days of history; its Hudi tables keep ${most} commits, ${days.toFixed(1)} days for a table with one every ${minutes} minutes`,
    );
  }
}
