import { statSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { type Plant, until } from './gateway.testkit.ts'
import { ANSWERED, codes, HOUR, knock, RESET, Ward } from './prevention.testkit.ts'

let ward: Ward
let plant: Plant

beforeAll(async () => {
  ward = await Ward.make()
  plant = ward.plant
})
afterEach(() => ward.clear())
afterAll(() => ward.close())

const start = (parts?: Parameters<Ward['start']>[0]) => ward.start(parts)
const say = (...args: string[]) => ward.say(...args)

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
    const gateway = await start(ward.onFive)
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
    const gateway = await start({ mqtts: { workers: 2 }, ...ward.onFive })
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
    const gateway = await start(ward.onFive)
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
    expect(statSync(join(ward.state, 'prevention.state')).mode & 0o777).toBe(0o600)
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
