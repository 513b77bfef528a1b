import { existsSync, readFileSync, rmSync, statSync } from 'node:fs'
import { type AddressInfo, connect as connectTcp, createServer, type Server } from 'node:net'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { blockVerbs } from './cli/block.ts'
import { bypassVerb } from './cli/bypass.ts'
import { postureVerbs } from './cli/posture.ts'
import { printedBy } from './cli/verb.testkit.ts'
import { type Client, Plant, until } from './gateway.testkit.ts'
import type { Gateway } from './gateway.ts'
import { connack, publish, subscribe } from './path/packets.testkit.ts'

let plant: Plant
let state: string
let five: Server

beforeAll(async () => {
  plant = await Plant.make()
  // A broker of version 5, which the embedded one is not.
  five = createServer(socket => {
    socket.on('error', () => {})
    socket.once('data', () => socket.write(connack(5)))
  }).listen(0, '127.0.0.1')
  await until(() => five.listening)
  state = join(plant.folder, 'data')
})
beforeEach(() => rmSync(state, { recursive: true, force: true }))
afterEach(() => plant.clear())
afterAll(async () => {
  await plant.close()
  five.close()
})

const socket = () => join(plant.folder, 'prevention.sock')
const start = (parts: Parameters<Plant['config']>[0] = {}) =>
  plant.start(plant.config({ control: { path: socket() }, ...parts }))
const onFive = () => ({ upstream: { url: `mqtt://127.0.0.1:${(five.address() as AddressInfo).port}` } })

/** What a verb prints. */
async function say(...args: string[]): Promise<string> {
  const verbs = [blockVerbs, bypassVerb, postureVerbs]
  const { status, out, err } = await printedBy(verbs, [...args, '--socket', socket()])
  return `${status} ${out}${err}`
}

const HOUR = ['--for', '1h', '--reason', 'test']
const CLIENT_HELLO = Buffer.from('16030100050100000100', 'hex')

/** What becomes of a TCP connection from an address of the loopback network that begins a handshake. */
function knock(gateway: Gateway, localAddress: string): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>()
  const tcp = connectTcp({ host: '127.0.0.1', port: gateway.port, localAddress })
  let bytes = 0
  tcp.on('connect', () => tcp.write(CLIENT_HELLO))
  tcp.on('data', chunk => {
    bytes += chunk.length
  })
  tcp.on('error', (error: NodeJS.ErrnoException) => resolve(`${error.code} after ${bytes} bytes`))
  tcp.on('close', () => resolve(`closed after ${bytes > 0 ? 'some' : 'no'} bytes`))
  return promise.finally(() => tcp.destroy())
}

const RESET = 'ECONNRESET after 0 bytes'
const ANSWERED = 'closed after some bytes'
const codes = (gateway: Gateway) => gateway.verdicts.latest(20).map(({ findings }) => findings[0].code)

describe('a blocked address', () => {
  test('is reset before any byte of TLS is answered, others are not, and one command undoes it', async () => {
    const gateway = await start({ mqtts: { workers: 2 } })
    expect(await knock(gateway, '127.0.0.2')).toBe(ANSWERED)
    expect(await say('block', '127.0.0.2', ...HOUR, '--force')).toMatch(/^0 Blocked: address 127\.0\.0\.2 until 2/)
    for (let i = 0; i < 8; i++) expect(await knock(gateway, '127.0.0.2')).toBe(RESET)
    expect(await knock(gateway, '127.0.0.3')).toBe(ANSWERED)
    await until(() => codes(gateway).includes('address_blocked'))
    expect(gateway.verdicts.latest(20).find(({ findings }) => findings[0].code === 'address_blocked')).toMatchObject({
      decision: 'disconnect',
      findings: [{ guard: 'floor', why: expect.stringMatching(/^blocked until .*; ringwall blocks says/) }],
    })
    expect(await say('unblock', '127.0.0.2')).toBe('0 1 unblocked.\n')
    expect(await knock(gateway, '127.0.0.2')).toBe(ANSWERED)
    expect(await say('unblock', '127.0.0.2')).toBe('1 Nothing was blocked.\n')
  })

  test('comes in again when its time is over, and the list is empty then', async () => {
    const gateway = await start()
    await say('block', '127.0.0.2', '--for', '1s', '--reason', 'short', '--force')
    expect(await knock(gateway, '127.0.0.2')).toBe(RESET)
    await vi.waitFor(async () => expect(await knock(gateway, '127.0.0.2')).toBe(ANSWERED), { timeout: 20_000 })
    await vi.waitFor(async () => expect(await say('blocks')).toBe('0 Nobody is blocked.\n'), { timeout: 20_000 })
  })

  test('may be a network, and devices that are connected from there are ended', async () => {
    const gateway = await start(onFive())
    const device = await plant.join(gateway, 'pump-1', { version: 5 })
    await say('block', '127.0.0.0/30', ...HOUR, '--force')
    await until(() => device.closed)
    expect(device.seen.at(-1)).toBe('DISCONNECT 0x98')
    expect([await knock(gateway, '127.0.0.3'), await knock(gateway, '127.0.0.4')]).toEqual([RESET, ANSWERED])
    expect(await say('blocks')).toMatch(/address {2}127\.0\.0\.0\/30 .* test \(forced\)\n$/)
  })
})

describe('a blocked device', () => {
  test('loses its connection at once and is turned away after its certificate is verified', async () => {
    const gateway = await start({ mqtts: { workers: 2 }, ...onFive() })
    const device = await plant.join(gateway, 'pump-1', { version: 5 })
    const other = await plant.join(gateway, 'pump-2', { version: 5 })
    await say('block', 'pump-1', ...HOUR)
    await until(() => device.closed)
    expect(device.seen).toEqual(['CONNACK', 'DISCONNECT 0x98'])
    const again = await plant.dial(gateway, 'pump-1')
    await until(() => again.closed)
    expect(again.bytes.length).toBe(0)
    await until(() => codes(gateway).filter(code => code === 'device_blocked').length === 2)
    const told = gateway.verdicts.latest(9).map(({ device, action }) => `${device} ${action}`)
    expect(told).toContain('pump-1 handshake')
    expect([other.closed, gateway.devices]).toEqual([false, 1])
    expect(await say('unblock', '--all')).toBe('0 1 unblocked.\n')
    await plant.join(gateway, 'pump-1', { version: 5 })
  })

  test('whose session is only ended may come back', async () => {
    const gateway = await start(onFive())
    const device = await plant.join(gateway, 'pump-1', { version: 5 })
    expect(await say('disconnect', 'pump-1', '--reason', 'hangs')).toBe('0 The session of pump-1 ends.\n')
    await until(() => device.closed)
    expect(device.seen.at(-1)).toBe('DISCONNECT 0x98')
    await until(() => codes(gateway).includes('dismissed'))
    expect(gateway.verdicts.latest(1)[0].findings[0].why).toMatch(/: hangs$/)
    await plant.join(gateway, 'pump-1', { version: 5 })
    expect(await say('disconnect', 'pump-9', '--reason', 'x')).toBe('1 pump-9 has no session.\n')
  })
})

describe('who is protected', () => {
  test('is not blocked, and whoever tries is told by which entry', async () => {
    const gateway = await start({ prevention: { protected: ['10.0.0.0/8', 'plc-*'] } })
    for (const [target, entry] of [
      ['10.1.2.3', '10.0.0.0/8'],
      ['0.0.0.0/0', '127.0.0.0/8'],
      ['127.0.0.1', '127.0.0.0/8'],
      ['::1', '::1/128'],
      ['plc-7', 'plc-*'],
    ]) {
      const told = await say('block', target, ...HOUR)
      expect(told).toContain('error block_protected')
      expect(told).toContain(`(${entry})`)
    }
    expect(await say('blocks')).toBe('0 Nobody is blocked.\n')
    await say('block', 'plc-7', ...HOUR, '--force')
    const device = await plant.dial(gateway, 'plc-7')
    await until(() => device.closed)
  })
})

describe('a restart', () => {
  test('keeps blocks, postures and a bypass, in a file for the owner only', async () => {
    const first = await start()
    await say('block', 'pump-1', ...HOUR)
    await say('block', '127.0.0.2', ...HOUR, '--force')
    await say('posture', 'set', 'pump-2', 'restricted', ...HOUR)
    await first.stop()
    expect(statSync(join(state, 'prevention.state')).mode & 0o777).toBe(0o600)
    const second = await start()
    expect(await knock(second, '127.0.0.2')).toBe(RESET)
    const device = await plant.dial(second, 'pump-1')
    await until(() => device.closed)
    expect(await say('posture', 'pump-2')).toMatch(/pump-2 {2}restricted .* test\n$/)
    await say('bypass', 'on', ...HOUR)
    await second.stop()
    const third = await start()
    expect(await say('bypass')).toMatch(/^1 Bypass since .*: test\n$/)
    expect(await knock(third, '127.0.0.2')).toBe(ANSWERED)
    await plant.join(third, 'pump-1')
  })
})

describe('a bypass', () => {
  /** A device that says what it may not, over and over, and one that listens to it. */
  async function pair(gateway: Gateway): Promise<{ pump: Client; passes: () => Promise<boolean> }> {
    const reader = await plant.join(gateway, 'reader')
    reader.send(subscribe(['plant/#'], 1, 4))
    await until(() => reader.seen.includes('SUBACK 1'))
    const pump = await plant.join(gateway, 'pump-1')
    let id = 0
    const passes = async (): Promise<boolean> => {
      const [foreign, own] = [`foreign ${++id}`, `own ${id}`]
      pump.send(publish('plant/pump-2/x', foreign, { version: 4 }), publish('plant/pump-1/x', own, { version: 4 }))
      await until(() => reader.payloads.includes(own))
      return reader.payloads.includes(foreign)
    }
    return { pump, passes }
  }

  test('lets guards only observe and blocks not count, without dropping a connection, and is written down', async () => {
    const gateway = await start({ mqtts: { workers: 2 }, metrics: { port: 0 } })
    const metric = async () =>
      (await (await fetch(`http://127.0.0.1:${gateway.metricsPort}/metrics`)).text()).match(
        /^ringwall_bypass (.)/m,
      )?.[1]
    const { pump, passes } = await pair(gateway)
    expect([await passes(), await metric()]).toEqual([false, '0'])
    await say('block', '127.0.0.2', ...HOUR, '--force')
    expect(await say('bypass', 'on', '--for', '30m', '--reason', 'the mill stands')).toMatch(/^0 Bypass until /)
    await vi.waitFor(async () => expect(await passes()).toBe(true), { timeout: 20_000 })
    expect(await knock(gateway, '127.0.0.2')).toBe(ANSWERED)
    expect(await metric()).toBe('1')
    await until(() => gateway.verdicts.latest(20).some(({ decision }) => decision === 'flag'))
    expect(await say('bypass', 'off')).toBe('0 The bypass is over.\n')
    await vi.waitFor(async () => expect(await passes()).toBe(false), { timeout: 20_000 })
    expect(await knock(gateway, '127.0.0.2')).toBe(RESET)
    expect([pump.closed, await metric()]).toEqual([false, '0'])
    const audit = join(state, 'audit.jsonl')
    const lines = readFileSync(audit, 'utf8')
      .trimEnd()
      .split('\n')
      .map(line => JSON.parse(line))
    expect(lines.map(({ what }) => what)).toEqual(['block', 'bypass_on', 'bypass_off'])
    expect(lines[1]).toMatchObject({ reason: 'the mill stands', by: expect.stringMatching(/./) })
    expect(statSync(audit).mode & 0o777).toBe(0o600)
  })

  test('ends by itself, and who was blocked meanwhile is ended', async () => {
    const gateway = await start()
    const { passes } = await pair(gateway)
    await say('bypass', 'on', '--for', '2s', '--reason', 'short')
    await say('block', 'pump-3', ...HOUR)
    const blocked = await plant.join(gateway, 'pump-3')
    await until(() => blocked.closed)
    await vi.waitFor(async () => expect(await passes()).toBe(false), { timeout: 20_000 })
    expect(await say('bypass')).toBe('0 No bypass.\n')
    expect(readFileSync(join(state, 'audit.jsonl'), 'utf8')).toContain('bypass_over')
  })

  test('also holds for a device that connects while it is on, and after a reload', async () => {
    const gateway = await start()
    await say('bypass', 'on', ...HOUR)
    const { passes } = await pair(gateway)
    expect(await passes()).toBe(true)
    gateway.reload(plant.config({ control: { path: socket() }, size: { default: 1_000 } }))
    for (let i = 0; i < 20; i++) expect(await passes()).toBe(true)
  })
})

describe('an alarm', () => {
  const alarm = {
    scenario: 'topic-scan',
    severity: 'high',
    device: 'pump-1',
    address: '127.0.0.1',
    why: '9 topics',
  } as const
  const actions = [{ when: { scenario: 'topic-*' }, do: 'block' }]

  test('is only told while reactions observe', async () => {
    const gateway = await start({ prevention: { actions } })
    gateway.onAlarm(alarm)
    expect(await say('blocks')).toBe('0 Nobody is blocked.\n')
    expect(existsSync(state)).toBe(false)
  })

  test('blocks the device where they are enforced, by the name of its scenario', async () => {
    const gateway = await start({ prevention: { mode: 'enforce', actions } })
    const device = await plant.join(gateway, 'pump-1')
    gateway.onAlarm(alarm)
    await until(() => device.closed)
    expect(await say('blocks')).toMatch(/device {2}pump-1 .* scenario topic-scan {2}9 topics\n$/)
  })
})

test('refused acts raise a device where that is configured, and the desk says so', async () => {
  const refusals = { count: 5, within: '1m', posture: 'watched' }
  const gateway = await start({ prevention: { refusals } })
  const device = await plant.join(gateway, 'pump-1')
  for (let i = 0; i < 5; i++) device.send(publish('plant/pump-2/x', 'x', { version: 4 }))
  await vi.waitFor(
    async () => expect(await say('posture')).toMatch(/pump-1 {2}watched .* 5 refused acts within 60 s\n$/),
    {
      timeout: 20_000,
    },
  )
})
