import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Config, makeConfig } from '../config/index.ts'
import { type EmbeddedBroker, startEmbeddedBroker } from '../upstream/embedded.ts'

const FOLDER = 'ringwall-trial'
const SITE = 'trial'
const ROLE = 'device'

/** A gateway for trying: an embedded broker, and a site in a folder of this one that stays for the next time. */
export interface Trial {
  readonly broker: EmbeddedBroker
  readonly config: Config
  /** What the person is told. */
  readonly words: string
}

/** Makes what `ringwall up` runs on where there is no configuration. */
export async function prepareTrial(): Promise<Trial> {
  const pki = join(FOLDER, 'pki')
  mkdirSync(FOLDER, { recursive: true, mode: 0o700 })
  const { initAuthority, issueDevice, issueServer } = await import('../identity/folder.ts')
  if (!existsSync(join(pki, 'root.pem'))) {
    await initAuthority(pki, SITE)
    await issueServer(pki, ['localhost', '127.0.0.1'])
    await issueDevice(pki, 'my-device', [ROLE])
  }
  const broker = await startEmbeddedBroker()
  writeFileSync(join(FOLDER, 'broker.pw'), broker.password, { mode: 0o600 })
  return { broker, config: makeConfig(configuration(broker.port), join(FOLDER, 'ringwall.yaml')), words: words(pki) }
}

function configuration(port: number): object {
  const own = [`${SITE}/\${device}/#`]
  const all = [`${SITE}/#`]
  return {
    site: SITE,
    listen: { mqtts: { host: '127.0.0.1', certificate: 'pki/gateway.pem', key: 'pki/gateway.key' } },
    upstream: { url: `mqtt://127.0.0.1:${port}`, passwordFile: 'broker.pw' },
    identity: { anchors: [{ ca: 'pki/root.pem' }] },
    roles: { [ROLE]: { publish: own, subscribe: all } },
    rings: { network: 'enforce', identity: 'enforce' },
    metrics: {},
  }
}

function words(pki: string): string {
  const device = join(pki, 'devices', 'my-device')
  return [
    'No configuration: this is for trying, on an embedded broker that forgets everything (MQTT 3.1.1 only).',
    `A CA and a device's certificate are in ${pki}. In another terminal:`,
    `  mosquitto_pub -h localhost -p 8883 --cafile ${pki}/root.pem --cert ${device}.pem --key ${device}.key -i my-device -t ${SITE}/my-device/level -m 1 -q 1`,
    `Why something was refused: ringwall explain --socket ${FOLDER}/run/ringwall.sock`,
    'For your own broker write a ringwall.yaml: see README.md.',
    '',
  ].join('\n')
}
