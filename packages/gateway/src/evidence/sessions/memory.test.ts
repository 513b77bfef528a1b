import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, test } from 'vitest'
import { happening } from '../happening.ts'
import { type Peer, Recorder } from '../recorder.ts'
import { Secrets } from '../secret.ts'
import { SessionWindows } from './index.ts'

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void
const MEBIBYTE = 1024 ** 2
const HUGE = 60_000

function used(): number {
  collect()
  const { heapUsed, arrayBuffers } = process.memoryUsage()
  return (heapUsed + arrayBuffers) / MEBIBYTE
}

const bytes = Buffer.alloc(HUGE, 'a')
/** A text of its own, as long as MQTT's texts may nearly be. */
function huge(n: number): string {
  bytes.writeUInt32LE(n, 0)
  return bytes.toString('latin1')
}

const EACH = { address: '10.0.0.5', device: 'pump-1' }

test('a peer with many and huge names leaves nothing of them behind in its windows', () => {
  const windows = new SessionWindows({ span: 1e9, most: 1e9 }, () => {})
  const before = used()
  for (let n = 0; n < 10_000; n++) {
    const common = { ...EACH, time: n, connection: n % 500 }
    windows.take(happening({ ...common, kind: 'connect', user: huge(n), topic: huge(n + 1e6) }))
    windows.take(happening({ ...common, kind: 'publish', topic: huge(n + 2e6) }))
    windows.take(happening({ ...common, kind: 'subscribe', topic: huge(n + 3e6) }))
  }
  // Kept, they would be 2 GB; cut but not copied, or the 32 topics of each window, still 1 GB.
  expect(used() - before).toBeLessThan(12)
}, 120_000)

test('nor does it in what a worker records of it', () => {
  const recorder = new Recorder(new Secrets())
  const before = used()
  const principal = { site: 'mill-3', device: 'pump-1', roles: [], assurance: 'certificate', fingerprint: '' } as const
  const peer: Peer = { id: 1, peer: '10.0.0.5:5000', principal, scene: { wall: 1 }, askedKeepAlive: 60 }
  const address = { bytes: new Uint8Array(0), memo: [] }
  for (let n = 0; n < 4_000; n++) {
    const act = { address: { ...address, text: huge(n) }, payloadStart: 0, payloadEnd: 0, qos: 0, retain: false }
    recorder.message(peer, 'publish', act, 0)
  }
  expect(used() - before).toBeLessThan(12)
  expect(recorder.take().names).toHaveLength(4_000)
})
