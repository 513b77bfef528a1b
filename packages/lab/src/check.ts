import { attacks } from './attackers/index.ts'
import { labDevices } from './fleet/devices.ts'
import type { LabOptions } from './types.ts'

const LOOPBACK = /^(localhost|127\.\d+\.\d+\.\d+|::1|\[::1\])$/

/** Refuses options with which the lab could not work, and any target that is not on this machine: these are real attacks. */
export function checkOptions(options: LabOptions): void {
  const broker = new URL(options.upstream.url)
  for (const host of [options.gateway.host, broker.hostname])
    if (!LOOPBACK.test(host))
      throw new Error(`The lab attacks only this machine, and ${host} is not a loopback address`)
  if (broker.protocol !== 'mqtt:') throw new Error(`The observer needs an mqtt:// url, not ${options.upstream.url}`)

  const missing = labDevices.filter(({ device }) => !(device in options.credentials)).map(({ device }) => device)
  if (missing.length > 0) throw new Error(`The lab needs a certificate for ${missing.join(', ')}`)

  const names = attacks.map(({ name }) => name)
  const unknown = (options.attacks ?? []).filter(name => !names.includes(name))
  if (unknown.length > 0) throw new Error(`No attack is called ${unknown.join(', ')}; there are ${names.join(', ')}`)
}
