import type { Lake } from "../model/lake";
import type { LakeSettings } from "./lake-settings";

/** Minutes that silver may be behind its source: the settings' wish, else the definition's. */
export function freshnessMinutes(settings: LakeSettings, { definition }: Lake): number {
  return settings.freshnessMinutes ?? definition.freshnessMinutes?.silver ?? 60;
}

/** Minutes that gold may be behind, silver's at least: the settings' wish, else the definition's. */
export function goldMinutes(settings: LakeSettings, lake: Lake): number {
  const { goldFreshnessMinutes: wanted = lake.definition.freshnessMinutes?.gold } = settings;
  const silver = freshnessMinutes(settings, lake);
  return Math.max(silver, wanted ?? 0);
}
