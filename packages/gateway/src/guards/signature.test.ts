import { afterEach, describe, expect, test, vi } from 'vitest'
import { planOf } from '../path/judge.ts'
import { connack, packet, publish, subscribe, u16 } from '../path/packets.testkit.ts'
import { Bench, guard } from '../path/way.testkit.ts'
import { compileRules } from '../signature/index.ts'
import { signature } from './signature.ts'

const PORT = 8_883

afterEach(() => void vi.useRealTimers())

function bench(rules: string, mode: 'observe' | 'enforce' = 'enforce', lease?: ConstructorParameters<typeof Bench>[0]) {
  const set = compileRules([{ file: 'a.rules', text: rules }])
  return new Bench({ plan: planOf([{ guard: signature(set, PORT, 0), mode }]), ...lease })
}

const rule = (options: string, action = 'drop', header = 'any any -> any any') =>
  `${action} mqtt ${header} (msg:"found"; ${options} sid:7;)`
const PUMP = 'mqtt.publish.topic; content:"pump/set";'

/** Decision, clause and reason of what was taken down since the last call. */
const said = (b: Bench) =>
  b.way.book.take().verdicts.map(({ decision, findings: [first] }) => `${decision} ${first.clause} ${first.why}`)

const found = (decision: string, what: string) => [`${decision} sid:7 found: ${what}`]

describe('a PUBLISH', () => {
  test('that a rule drops is refused, with the rule as its clause', async () => {
    const b = await bench(rule(PUMP)).establish()
    b.device(publish('pump/set', 'on', { qos: 1, id: 3 }))
    expect(b.toBroker().length).toBe(0)
    expect(b.toDevice().toString('hex')).toMatch(/^40..000387/)
    expect(said(b)).toEqual(found('refuse', 'PUBLISH, mqtt.publish.topic "pump/set"'))
  })

  test('that a rule alerts of goes on, though the guard enforces', async () => {
    const b = await bench(rule(PUMP, 'alert')).establish()
    const bytes = publish('pump/set', 'on')
    b.device(bytes, publish('pump/level', '1'))
    expect(b.toBroker().length).toBe(bytes.length + publish('pump/level', '1').length)
    expect(said(b)).toEqual(found('flag', 'PUBLISH, mqtt.publish.topic "pump/set"'))
  })

  test('that a rule rejects ends the connection', async () => {
    const b = await bench(rule(PUMP, 'reject')).establish()
    b.device(publish('pump/set', 'on'))
    expect(b.c.closing).toBe(true)
    expect(said(b)[0]).toMatch(/^disconnect sid:7/)
  })

  test('that a rule lets pass meets no other rule', async () => {
    const b = await bench(
      `${rule(PUMP)}\npass mqtt any any -> any any (mqtt.publish.message; content:"test"; sid:8;)`,
    ).establish()
    b.device(publish('pump/set', 'test'), publish('pump/set', 'on'))
    expect(said(b)).toHaveLength(1)
  })

  test('is only flagged where the guard observes', async () => {
    const b = await bench(rule(PUMP), 'observe').establish()
    b.device(publish('pump/set', 'on'))
    expect(b.toBroker().length).toBeGreaterThan(0)
    expect(said(b)[0]).toMatch(/^flag sid:7/)
  })

  test('is seen whole, however it is cut up', async () => {
    const b = await bench(rule(`${PUMP} mqtt.publish.message; content:"overrideall";`)).establish()
    for (const byte of publish('pump/set', 'overrideall')) b.device(Uint8Array.of(byte))
    expect(said(b)).toHaveLength(1)
    expect(b.toBroker().length).toBe(0)
  })

  test('by a topic alias is seen by the topic that it stands for', async () => {
    const b = await bench(rule(`${PUMP} mqtt.publish.message; content:"off";`)).establish({}, [0x22, 0, 5])
    b.device(publish('pump/set', 'on', { alias: 2 }), publish('', 'off', { alias: 2 }))
    expect(said(b)).toEqual(found('refuse', 'PUBLISH, mqtt.publish.topic "pump/set", mqtt.publish.message "off"'))
  })

  test('from the broker is judged on its way down', async () => {
    const b = await bench(rule(`${PUMP} flow:to_client;`)).establish()
    b.device(publish('pump/set', 'on'))
    expect(said(b)).toEqual([])
    b.server(publish('pump/set', 'on'))
    expect(b.toDevice().length).toBe(0)
    expect(said(b)[0]).toMatch(/^refuse sid:7/)
  })
})

describe('headers', () => {
  test.each([
    ['192.0.2.0/24 5000 -> any any', 1],
    ['192.0.3.0/24 any -> any any', 0],
    ['any any -> any 8883', 1],
    ['any any -> any 1883', 0],
    ['any any -> 192.0.2.1 any', 0],
    ['any any <> 192.0.2.1 any', 1],
  ])('%s: %d', async (header, count) => {
    const b = await bench(rule(PUMP, 'alert', header)).establish()
    b.device(publish('pump/set', 'on'))
    expect(said(b)).toHaveLength(count)
  })
})

describe('a CONNECT', () => {
  test('is judged with its will and its user name, and no password is told', async () => {
    const b = bench(rule('mqtt.connect.willtopic; content:"pump"; mqtt.connect.password; content:"sword";'))
    await b.open({ will: { topic: 'pump/dead', payload: 'x' }, username: 'a', password: 'swordfish' })
    expect(b.c.closing).toBe(true)
    expect(said(b)).toEqual(found('disconnect', 'CONNECT, mqtt.connect.willtopic "pump/dead", mqtt.connect.password'))
  })

  test('and its CONNACK may be spoken of by one rule', async () => {
    const b = bench(rule('mqtt.connect.username; content:"admin"; mqtt.connack.return_code:0;', 'alert'))
    await b.open({ username: 'admin' })
    b.server(connack())
    expect(said(b)).toHaveLength(1)
    expect(b.toDevice().length).toBeGreaterThan(0)
  })
})

describe('a SUBSCRIBE', () => {
  test('is dropped with all its filters, and judged once', async () => {
    const b = await bench(
      rule('mqtt.subscribe.topic; content:"#"; startswith; threshold:type limit, track by_src, count 1, seconds 60;'),
    ).establish()
    b.device(subscribe(['a', 'pump/+', '#'], 5))
    expect(b.toBroker().length).toBe(0)
    expect(b.toDevice().toString('hex')).toMatch(/878787$/)
    expect(said(b)).toHaveLength(3)
  })

  test('that a rule alerts of is told once and goes on', async () => {
    const b = await bench(rule('mqtt.subscribe.topic; content:"#";', 'alert')).establish()
    b.device(subscribe(['a', 'pump/#', '#'], 5))
    expect(b.toBroker().length).toBeGreaterThan(0)
    expect(said(b)).toHaveLength(1)
  })
})

describe('packets that are no acts', () => {
  const puback = (id: number, reason: number) => packet(0x40, u16(id), [reason, 0])

  test('are seen where a rule asks for their type', async () => {
    const b = await bench(rule('mqtt.type:PUBACK; mqtt.reason_code:16;', 'alert')).establish()
    b.device(publish('a', 'b', { qos: 1, id: 3 }))
    b.server(puback(3, 16))
    expect(b.toDevice()).toEqual(Buffer.from(puback(3, 16)))
    expect(said(b)).toEqual(found('flag', 'PUBACK'))
  })

  test('are not asked about where none does', () => {
    const mask = (options: string) => signature(compileRules([{ file: 'a', text: rule(options) }]), PORT, 0).packets
    expect(mask(PUMP)).toBe(0)
    expect(mask('mqtt.type:DISCONNECT;')).toBe(1 << 14)
    expect(
      planOf([{ guard: signature(compileRules([{ file: 'a', text: rule(PUMP) }]), PORT, 0), mode: 'enforce' }]).packets,
    ).toBe(undefined)
  })

  test('end the connection where a rule drops them', async () => {
    const b = await bench(rule('mqtt.type:DISCONNECT;')).establish()
    b.device(packet(0xe0))
    expect(said(b)[0]).toMatch(/^disconnect sid:7/)
    expect(b.toBroker().length).toBe(0)
    expect(b.c.closing).toBe(true)
  })
})

test('an act that had to wait is counted once', async () => {
  const rules = compileRules([
    { file: 'a.rules', text: rule(`${PUMP} detection_filter:track by_src, count 1, seconds 60;`, 'alert') },
  ])
  let room = 0
  const slow = guard((_, report) => room-- > 0 || report.slow('rate_slowed', 'fast', 70), 'rate')
  const b = await new Bench({ plan: [] }).establish()
  b.c.plan = planOf([slow, { guard: signature(rules, PORT, 0), mode: 'enforce' }])
  vi.useFakeTimers({ toFake: ['setTimeout'] })
  b.device(publish('pump/set', 'on'))
  room = 1
  vi.advanceTimersByTime(70)
  expect(said(b).map(each => each.split(' ')[0])).toEqual(['throttle'])
  room = 1
  b.device(publish('pump/set', 'on'))
  expect(said(b)[0]).toMatch(/^flag sid:7/)
})

test('thresholds follow the device from connection to connection', async () => {
  const rules = rule('mqtt.type:CONNECT; detection_filter:track by_src, count 2, seconds 60;')
  const set = compileRules([{ file: 'a.rules', text: rules }])
  const plan = planOf([{ guard: signature(set, PORT, 0), mode: 'enforce' }])
  const first = new Bench({ plan })
  await first.open()
  const lane = first.c.lane
  if (lane === null) throw new Error('no lane')
  const ends: boolean[] = []
  for (let i = 0; i < 3; i++) {
    const next = new Bench({ plan, lease: lane })
    await next.open()
    ends.push(next.c.closing)
  }
  expect(ends).toEqual([false, true, true])
})

test('flowbits belong to one connection', async () => {
  const text = [
    'alert mqtt any any -> any any (mqtt.publish.topic; content:"firmware"; flowbits:set,began; noalert; sid:1;)',
    'drop mqtt any any -> any any (mqtt.publish.topic; content:"reboot"; flowbits:isset,began; sid:7;)',
  ].join('\n')
  const b = await bench(text).establish()
  b.device(publish('pump/reboot', ''), publish('pump/firmware', 'x'), publish('pump/reboot', ''))
  expect(said(b)).toHaveLength(1)
  const other = await bench(text).establish()
  other.device(publish('pump/reboot', ''))
  expect(said(other)).toEqual([])
})
