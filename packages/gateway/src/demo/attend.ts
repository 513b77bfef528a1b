import type { LabEvent } from '@ringwall/lab'
import type { Gateway } from '../gateway.ts'

/** A maintenance window of the demo ends by itself after so many milliseconds. */
const LONGEST = 30_000

/** Opens a maintenance window for a device that is looked after, and closes it. */
export function attend({ maintenance }: Gateway, { device, begins }: LabEvent & { kind: 'service' }): void {
  const parts = { devices: [device], owner: 'demo', reason: 'the valve is tried' }
  if (begins) maintenance.open(parts, LONGEST)
  else for (const { id } of maintenance.list()) maintenance.close(id)
}
