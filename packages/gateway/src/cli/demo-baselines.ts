import { labDevices } from '@ringwall/lab'
import { createLog } from '../base/log.ts'
import type { Config } from '../config/index.ts'
import { type NamedTopic, RhythmKeeper } from '../lanes/rhythm-keeper.ts'
import type { LaneTable } from '../lanes/table.ts'
import { FolderStore } from '../store/folder-store.ts'

/** Writes what a rehearsal has taught of each device's rhythm to where a gateway of this configuration looks for it when it starts. */
export async function keepBaselines(
  config: Config,
  lanes: LaneTable,
  topics: readonly NamedTopic[],
  modes: readonly string[],
): Promise<void> {
  if (config.store === 'off') return
  const store = new FolderStore(config.store.folder, 'rhythm')
  const keeper = new RhythmKeeper(lanes, store, modes, createLog(config.log.level))
  for (const [lane, { device }] of labDevices.entries()) keeper.assigned(device, lane)
  keeper.name(topics)
  await keeper.save()
}
