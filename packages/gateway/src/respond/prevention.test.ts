import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { ManualClock } from '../base/clock.ts'
import { RingwallError } from '../base/error.ts'
import { silentLog } from '../base/log.ts'
import { parseConfig } from '../config/index.ts'
import { SAMPLE } from '../config/sample.ts'
import { Posture } from '../contract/index.ts'
import { SharedBlocks } from '../lanes/blocks.ts'
import { Document } from '../store/document.ts'
import { FolderStore } from '../store/folder-store.ts'
import { KEPT, readKept } from './kept.ts'
import { ordersOf } from './orders.ts'
import { Prevention } from './prevention.ts'
import { parseTarget } from './target.ts'

const CAUSE = { by: 'anna', reason: 'test' }
let folder: string
let clock: ManualClock
let did: string[]
let audit: string[]
let isDiskFull: boolean
const made: Prevention[] = []
let blocks: SharedBlocks

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ringwall-prevention-'))
  clock = new ManualClock()
  did = []
  audit = []
  isDiskFull = false
})
afterEach(async () => {
  for (const each of made.splice(0)) await each.stop()
  rmSync(folder, { recursive: true })
})

function make(parts = '{}'): Prevention {
  blocks = new SharedBlocks(64, [1, 2, 3, 4])
  // What comes after its test has ended is not the next one's.
  const mine = did
  const hands = {
    blocks,
    expel: () => mine.push('expel'),
    dismiss: (device: string, why: string) => mine.push(`dismiss ${device} ${why}`) > 0,
    knows: (device: string) => device === 'pump-1',
    bypass: (isOn: boolean) => mine.push(`bypass ${isOn}`),
    stands: (device: string, posture: Posture) => mine.push(`${device} ${posture}`),
    devicesFrom: () => 0,
  }
  const trail = {
    append: async (_: number, what: string) => {
      if (isDiskFull) throw new RingwallError('audit_unwritable', 'full', 'x')
      audit.push(what)
    },
  }
  const file = new Document(new FolderStore(folder, KEPT.kind), KEPT.name, KEPT.version)
  const config = parseConfig(`${SAMPLE}prevention: ${parts}`, '/x')
  const prevention = new Prevention(config, hands, file, trail, clock, silentLog)
  made.push(prevention)
  return prevention
}

describe('a bypass', () => {
  test('says whether a device was ever met', async () => {
    const prevention = make()
    for (const [device, known] of [
      ['pump-1', true],
      ['pumq-1', false],
    ] as const) {
      expect(await prevention.block(parseTarget(device), 3_600_000, CAUSE)).toMatchObject({ known })
      expect(await prevention.setPosture(device, 1, 1_000, CAUSE)).toMatchObject({ known })
    }
    expect(await prevention.block(parseTarget('192.0.2.7'), 3_600_000, CAUSE)).not.toHaveProperty('known')
  })

  test('suspends blocks, tells the workers, and ends by itself', async () => {
    const prevention = make()
    await prevention.block(parseTarget('192.0.2.7'), 3_600_000, CAUSE)
    await prevention.beginBypass(60_000, CAUSE)
    expect(blocks.address('192.0.2.7', clock.wall())).toBe(0)
    clock.advance(59_999)
    prevention.tick()
    expect(prevention.bypass.state).not.toBeNull()
    clock.advance(1)
    prevention.tick()
    expect(prevention.bypass.state).toBeNull()
    expect(blocks.address('192.0.2.7', clock.wall())).not.toBe(0)
    expect(did.filter(each => each.startsWith('bypass'))).toEqual(['bypass true', 'bypass false'])
    expect(audit).toEqual(['block', 'bypass_on', 'bypass_over'])
  })

  test('that cannot be written down does not begin; one that began can always be ended', async () => {
    const prevention = make()
    isDiskFull = true
    await expect(prevention.beginBypass(60_000, CAUSE)).rejects.toMatchObject({ code: 'audit_unwritable' })
    expect([prevention.bypass.state, did]).toEqual([null, []])
    isDiskFull = false
    await prevention.beginBypass(60_000, CAUSE)
    isDiskFull = true
    expect((await prevention.endBypass('anna')).was).toBe(true)
    expect((await prevention.endBypass('anna')).was).toBe(false)
    expect(did.filter(each => each.startsWith('bypass'))).toEqual(['bypass true', 'bypass false'])
  })

  test('lasts no longer than was ordered when the clock is set back, also over a restart', async () => {
    const prevention = make()
    await prevention.beginBypass(60_000, CAUSE)
    clock.set(clock.wall() - 86_400_000)
    const next = make()
    await next.start()
    clock.advance(59_999)
    for (const each of [prevention, next]) each.tick()
    expect([prevention, next].map(({ bypass }) => bypass.state !== null)).toEqual([true, true])
    clock.advance(1)
    for (const each of [prevention, next]) each.tick()
    expect([prevention, next].map(({ bypass }) => bypass.state)).toEqual([null, null])
  })

  test('is said again every minute', async () => {
    const prevention = make()
    await prevention.beginBypass(600_000, CAUSE)
    const told = Array.from({ length: 180 }, () => {
      clock.advance(1_000)
      return prevention.bypass.isToBeTold(clock.now())
    })
    expect(told.filter(Boolean).length).toBe(3)
  })
})

describe('what is kept', () => {
  test('is there again in the next gateway, which tells the devices where they stand', async () => {
    const first = make()
    await first.block(parseTarget('pump-1'), 60_000, CAUSE)
    await first.setPosture('pump-2', Posture.restricted, 60_000, CAUSE)
    await first.beginBypass(60_000, CAUSE)
    did = []
    const next = make()
    await next.start()
    expect(next.blocks.list()).toEqual(first.blocks.list())
    expect(next.ladder.list()).toEqual(first.ladder.list())
    expect(next.bypass.state).toEqual(first.bypass.state)
    expect(did).toEqual(['pump-2 2', 'bypass true'])
  })

  test('after a bypass that ended while the gateway was down is no bypass', async () => {
    await make().beginBypass(60_000, CAUSE)
    clock.advance(60_000)
    const next = make()
    await next.start()
    expect(next.bypass.state).toBeNull()
  })

  test('and is broken is set aside, and the gateway starts without', async () => {
    writeFileSync(join(folder, 'prevention.state'), '{')
    const prevention = make()
    await prevention.start()
    expect(prevention.blocks.size).toBe(0)
    expect(readFileSync(join(folder, 'prevention.state.broken'), 'utf8')).toBe('{')
  })

  test('is read entry by entry: what is not whole is left out and counted', () => {
    const block = { target: 'a', kind: 'device', since: 1, until: 2, by: 'x', reason: 'y', forced: false }
    const stand = { device: 'a', posture: 1, since: 1, until: 2, by: 'x', reason: 'y' }
    const bad = [null, 1, {}, { ...block, until: 'x' }, { ...block, kind: 'x' }, { ...block, forced: 1 }]
    expect(readKept({ blocks: [block, ...bad], stands: [stand, { ...stand, posture: 4 }], bypass: 1 })).toEqual({
      blocks: [block],
      stands: [stand],
      bypass: null,
      unreadable: 8,
    })
    for (const body of [null, 1, [], {}])
      expect(readKept(body)).toEqual({ blocks: [], stands: [], bypass: null, unreadable: 0 })
  })

  test('and cannot be written counts all the same, and is told with the order', async () => {
    const prevention = make()
    rmSync(folder, { recursive: true })
    writeFileSync(folder, 'in the way')
    expect((await prevention.block(parseTarget('pump-1'), 60_000, CAUSE)).saved).toBe(false)
    expect(blocks.device('pump-1', clock.wall())).not.toBe(0)
  })
})

describe('alarms', () => {
  const alarm = { scenario: 'scan', severity: 'high', device: 'pump-1', address: '', why: 'x' } as const
  const enforce = (entry: string) => make(`{ mode: enforce, actions: [{ ${entry} }] }`)

  test('raise a posture, end a session, or block, as configured', async () => {
    enforce('do: posture, posture: watched').onAlarm(alarm)
    enforce('do: disconnect').onAlarm(alarm)
    const blocking = enforce('do: block, for: 1m')
    blocking.onAlarm(alarm)
    expect(did).toEqual(['pump-1 1', 'dismiss pump-1 scenario scan: x'])
    expect(blocking.blocks.list()).toMatchObject([{ target: 'pump-1', by: 'scenario scan', reason: 'x' }])
    expect(audit).toEqual(['posture', 'disconnect', 'block'])
  })

  test('are only told in observe mode, and in a bypass', async () => {
    make('{ actions: [{ do: disconnect }] }').onAlarm(alarm)
    const bypassed = enforce('do: disconnect')
    await bypassed.beginBypass(60_000, CAUSE)
    expect(bypassed.onAlarm(alarm)).toEqual({ kind: 'disconnect', device: 'pump-1' })
    expect(did).toEqual(['bypass true'])
  })

  test('do not lengthen a block, so that whoever goes on knocking comes in when it ends', () => {
    const prevention = enforce('do: block, for: 1m')
    for (let i = 0; i < 90; i++) {
      prevention.onAlarm(alarm)
      expect(blocks.device('pump-1', clock.wall()) !== 0).toBe(true)
      clock.advance(1_000)
      prevention.tick()
      if (i === 59) expect(blocks.device('pump-1', clock.wall())).toBe(0)
    }
    expect(audit).toEqual(['block', 'block'])
  })

  test('about one device that stands already cost nothing: another is still answered', () => {
    const blocking = make('{ mode: enforce, reactions: 2/m, actions: [{ do: block, for: 1h }] }')
    const raising = make('{ mode: enforce, reactions: 2/m, actions: [{ do: posture, posture: watched }] }')
    for (const prevention of [blocking, raising]) {
      for (let i = 0; i < 100; i++) prevention.onAlarm(alarm)
      prevention.onAlarm({ ...alarm, device: 'pump-2' })
    }
    expect(blocking.blocks.list().map(({ target }) => target)).toEqual(['pump-1', 'pump-2'])
    expect(raising.ladder.list().map(({ device }) => device)).toEqual(['pump-1', 'pump-2'])
  })

  test("do not shorten a person's block, nor touch who is protected", async () => {
    const prevention = make('{ mode: enforce, protected: ["plc-*"], actions: [{ do: block, for: 1m }] }')
    await prevention.block(parseTarget('pump-1'), 3_600_000, CAUSE)
    prevention.onAlarm(alarm)
    prevention.onAlarm({ ...alarm, device: 'plc-1' })
    expect(prevention.blocks.list()).toMatchObject([{ target: 'pump-1', by: 'anna' }])
  })
})

describe('orders', () => {
  const give = async (prevention: Prevention, order: string, query: string) =>
    ordersOf(prevention).get(order)?.(new URLSearchParams(query))

  test.each([
    ['POST /block', 'target=pump-1&for=1h&reason=x', 'order_invalid'],
    ['POST /block', 'target=pump-1&for=1h&by=a', 'order_invalid'],
    ['POST /block', 'target=pump-1&for=soon&by=a&reason=x', 'order_invalid'],
    ['POST /block', 'target=pump-1&for=999d&by=a&reason=x', 'order_invalid'],
    ['POST /block', 'target=pump-1&for=0s&by=a&reason=x', 'order_invalid'],
    ['POST /block', 'target=pump-1&for=1h&by=a&reason=a%0Ab', 'order_invalid'],
    ['POST /block', 'target=a%20b&for=1h&by=a&reason=x', 'target_invalid'],
    ['POST /unblock', 'by=a', 'order_invalid'],
    ['POST /bypass/on', 'for=2d&by=a&reason=x', 'order_invalid'],
    ['POST /posture', 'device=pump-1&posture=angry&for=1h&by=a&reason=x', 'order_invalid'],
    ['POST /posture', 'device=pump-1&posture=watched&by=a&reason=x', 'order_invalid'],
    ['POST /posture', 'device=%2F&posture=watched&for=1h&by=a&reason=x', 'order_invalid'],
    ['POST /disconnect', `device=pump-1&by=a&reason=${'x'.repeat(501)}`, 'order_invalid'],
  ])('%s with %s is refused and does nothing', async (order, query, code) => {
    await expect(give(make(), order, query)).rejects.toMatchObject({ code })
    expect([did, audit]).toEqual([[], []])
  })

  test('that are whole are done', async () => {
    const prevention = make()
    await give(prevention, 'POST /posture', 'device=pump-1&posture=quarantined&for=1h&by=a&reason=x')
    expect(await give(prevention, 'GET /postures', '')).toMatchObject([{ device: 'pump-1', posture: 'quarantined' }])
    await give(prevention, 'POST /posture', 'device=pump-1&posture=trusted&by=a&reason=x')
    expect(await give(prevention, 'GET /postures', '')).toEqual([])
    expect(await give(prevention, 'POST /disconnect', 'device=pump-1&by=a&reason=x')).toEqual({ had: true })
  })
})
