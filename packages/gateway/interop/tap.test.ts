import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, describe, expect, test } from 'vitest'
import { Authority } from './peers/certificates.ts'
import { Folder } from './peers/folder.ts'
import { Mosquitto, withSystemFolders } from './peers/mosquitto.ts'
import { lacks } from './peers/needs.ts'
import { Process } from './peers/processes.ts'

const RINGWALL = join(import.meta.dirname, '..', 'bin', 'ringwall.mjs')
const RULES = 'alert mqtt any any -> any any (msg:"told"; mqtt.publish.topic; content:"plant/tap"; sid:7;)\n'
// Listening to an interface is for root, or for whom tcpdump was given the capability.
const unfit = lacks('mosquitto', 'mosquitto_pub', 'tcpdump') || process.getuid?.() !== 0

describe.skipIf(unfit)('a live tap', () => {
  const folder = new Folder()
  afterAll(() => folder.remove())

  function replay(...args: string[]): Process {
    return new Process(process.execPath, [RINGWALL, 'replay', ...args], { env: withSystemFolders() })
  }

  test('sees what a client says to its broker, and ends with Ctrl-C', async () => {
    const broker = await Mosquitto.start(folder, await Authority.create('tap'))
    const rules = folder.write('a.rules', RULES)
    const port = String(broker.tcp)
    const tap = replay(
      '--interface',
      'lo',
      '--filter',
      `tcp port ${port}`,
      '--port',
      port,
      '--rules',
      rules,
      '--eve',
      '-',
    )
    try {
      const publish = (): Promise<unknown> =>
        promisify(execFile)('mosquitto_pub', ['-p', port, '-t', 'plant/tap', '-m', 'hello', '-i', 'pump-1'], {
          env: withSystemFolders(),
        })
      // Nothing says from when on tcpdump listens: until then nobody hears what is published.
      await tap.until('heard', async () => {
        await publish()
        return tap.output.includes('"event_type":"alert"')
      })
      expect(await tap.stop('SIGINT')).toBe(1)
      const lines = tap.output.split('\n').filter(line => line.startsWith('{'))
      const events = lines.map(line => JSON.parse(line) as Record<string, unknown>)
      expect(events.find(each => each['event_type'] === 'alert')).toMatchObject({
        dest_port: broker.tcp,
        mqtt: { publish: { topic: 'plant/tap', message: 'hello' } },
      })
    } finally {
      await tap.stop('SIGKILL')
      await broker.stop()
    }
  })

  test('an interface that is not there is told, with what to do', async () => {
    const tap = replay('--interface', 'nowhere0', '--json')
    expect(await tap.ended).toBe(2)
    expect(JSON.parse(tap.output)).toMatchObject({ error: { code: 'tap_refused' } })
  })
})
