import { randomBytes } from 'node:crypto'
import { SECRET_BYTES } from '@ringwall/proof'
import { labDevices } from '../fleet/devices.ts'
import { labRoles } from '../fleet/roles.ts'
import { enrollSealed } from '../fleet/sealed.ts'
import type { LabOptions } from '../types.ts'
import { Certificates } from './certificates.ts'
import { Mosquitto } from './mosquitto.ts'

const SITE = 'mill-3'

/** A broker with its certificates, and the options that point a lab at it. */
export interface Testbed {
  readonly options: Pick<LabOptions, 'seed' | 'site' | 'gateway' | 'upstream' | 'credentials' | 'foreign' | 'seals'>
  stop(): Promise<void>
}

/** @param guarded whether the broker enforces `labRoles` */
export async function testbed(mosquitto: string, guarded = false): Promise<Testbed> {
  const certificates = new Certificates()
  certificates.authority('ca')
  certificates.authority('foreign-ca')
  certificates.issue('localhost', 'ca', 'server')
  const credentials = Object.fromEntries(labDevices.map(({ device }) => [device, certificates.issue(device, 'ca')]))
  const foreign = certificates.issue('controller-1', 'foreign-ca', 'foreign')
  const broker = await Mosquitto.start(mosquitto, certificates.folder, guarded ? acl(SITE) : undefined)
  return {
    options: {
      seed: 1,
      site: SITE,
      gateway: { host: '127.0.0.1', port: broker.tlsPort, servername: 'localhost' },
      upstream: { url: `mqtt://127.0.0.1:${broker.plainPort}` },
      credentials,
      foreign,
      seals: enrollSealed(certificates.folder, () => randomBytes(SECRET_BYTES)),
    },
    async stop() {
      await broker.stop()
      certificates.remove()
    },
  }
}

/** `labRoles` as a mosquitto ACL. The observer is the anonymous user, whose rules come first. */
function acl(site: string): string {
  const lines = ['topic readwrite #', 'topic read $SYS/#']
  for (const { device, role } of labDevices) {
    const fill = (filter: string) => filter.replaceAll('${site}', site).replaceAll('${device}', device)
    lines.push('', `user ${device}`)
    for (const filter of labRoles[role].publish) lines.push(`topic write ${fill(filter)}`)
    for (const filter of labRoles[role].receive) lines.push(`topic read ${fill(filter)}`)
  }
  return `${lines.join('\n')}\n`
}
