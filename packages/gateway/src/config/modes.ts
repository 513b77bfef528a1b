import type { Mode } from '../contract/index.ts'
import { compileGlobs } from './glob.ts'
import type { Config } from './schema.ts'
import { GUARDS } from './sections/access.ts'

/** The guards that exist. */
export type GuardName = keyof typeof GUARDS

/** The modes of the guards for one group of devices, or (with an empty name) for the devices of no group. */
export interface GroupModes {
  readonly group: string
  readonly modes: Readonly<Record<GuardName, Mode>>
}

/**
 * Compiles which mode each guard has for a device. What is nearest counts: the guard in the device's group, its ring in the
 * group, the guard in `guards`, its ring in `rings`. The results are made once, so they may be compared by identity.
 */
export function compileModes(config: Pick<Config, 'rings' | 'guards' | 'groups'>): (device: string) => GroupModes {
  const { rings, guards } = config
  const groups = config.groups.map(group => ({
    covers: compileGlobs(group.devices),
    modes: {
      group: group.name,
      modes: modesBy((guard, ring) => group.guards[guard] ?? group.rings[ring] ?? guards[guard] ?? rings[ring]),
    },
  }))
  const others = { group: '', modes: modesBy((guard, ring) => guards[guard] ?? rings[ring]) }
  return device => groups.find(({ covers }) => covers(device))?.modes ?? others
}

const modesBy = (mode: (guard: GuardName, ring: keyof Config['rings']) => Mode): Record<GuardName, Mode> => ({
  access: mode('access', GUARDS.access),
  size: mode('size', GUARDS.size),
  rate: mode('rate', GUARDS.rate),
  integrity: mode('integrity', GUARDS.integrity),
  schema: mode('schema', GUARDS.schema),
  invariant: mode('invariant', GUARDS.invariant),
  rhythm: mode('rhythm', GUARDS.rhythm),
  signature: mode('signature', GUARDS.signature),
  command: mode('command', GUARDS.command),
  quarantine: mode('quarantine', GUARDS.quarantine),
})
