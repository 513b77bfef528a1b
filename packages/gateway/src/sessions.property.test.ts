import fc from 'fast-check'
import { expect, test } from 'vitest'
import { COLUMN_NAMES, type SessionRow } from './evidence/sessions/index.ts'
import { ack, connack, connect, packet, publish, subscribe } from './path/packets.testkit.ts'
import { capture, type MadeFlow, type Sent } from './replay/capture.testkit.ts'
import { doneIn, live, rowsOf } from './sessions.testkit.ts'

/** Topic Alias Maximum: three. */
const ALIASES = [0x22, 0, 3]

/** What the ends send next; the identifier is one that is free. */
type Step = (id: number, version: 4 | 5) => readonly Sent[]

const topic = fc.oneof(
  fc.constantFrom('plant/a', 'plant//b', '$SYS/uptime', '../etc', 'plant/ä/😀', `deep${'/x'.repeat(40)}`),
  fc.integer({ min: 500, max: 3_000 }).map(length => `long/${'y'.repeat(length)}`),
  fc.nat(60).map(n => `plant/line-${n}/level`),
)
const payload = fc.nat(400).map(length => 'p'.repeat(length))
const both = fc.record({ topic, payload })

const step: fc.Arbitrary<Step> = fc.oneof(
  both.map(
    ({ topic: t, payload: p }): Step =>
      (_, version) => [{ up: publish(t, p, { version }) }],
  ),
  both.map(
    ({ topic: t, payload: p }): Step =>
      (_, version) => [{ down: publish(t, p, { version }) }],
  ),
  both.map(
    ({ topic: t, payload: p }): Step =>
      (id, version) => [{ up: publish(t, p, { version, qos: 1, id }) }, { down: ack(0x40, id) }],
  ),
  both.map(
    ({ topic: t }): Step =>
      (id, version) => [
        { up: publish(t, 'twice', { version, qos: 2, id }) },
        { down: ack(0x50, id) },
        { up: ack(0x62, id) },
        { down: ack(0x70, id) },
      ],
  ),
  both.map(
    ({ topic: t }): Step =>
      (id, version) => [{ down: publish(t, 'down', { version, qos: 1, id }) }, { up: ack(0x40, id) }],
  ),
  topic.map(
    (t): Step =>
      (id, version) => [
        { up: subscribe([`${t}/#`, '+/x'], id, version) },
        { down: packet(0x90, [id >> 8, id & 255, ...(version === 5 ? [0] : []), 1, 1]) },
      ],
  ),
  // An alias is defined and stands for its topic; 3.1.1 has none.
  fc.record({ topic, alias: fc.integer({ min: 1, max: 3 }), up: fc.boolean() }).map(
    ({ topic: t, alias, up }): Step =>
      (_, version) => {
        const parts = version === 5 ? { version, alias } : { version }
        const messages = [publish(t.slice(0, 900), 'a', parts), publish(version === 5 ? '' : t, 'b', parts)]
        return messages.map(each => (up ? { up: each } : { down: each }))
      },
  ),
  fc.constant<Step>(() => [{ up: packet(0xc0) }, { down: packet(0xd0) }]),
  // A packet in two segments: what waits is told.
  both.map(
    ({ topic: t, payload: p }): Step =>
      (_, version) => {
        const whole = publish(t, `${p}rest`, { version })
        return [{ up: whole.slice(0, 3) }, { up: whole.slice(3) }]
      },
  ),
)

const gap = fc.oneof(fc.nat(40), fc.integer({ min: 900, max: 2_500 }))
const ending = fc.constantFrom<readonly Sent[]>(
  [],
  [{ up: packet(0xe0) }],
  // Illegal: QoS 3, and a topic with a wildcard in a message.
  [{ up: packet(0x36, [0, 1, 97]) }],
  [{ up: publish('plant/#', 'x', { version: 4 }) }],
)
const flow: fc.Arbitrary<MadeFlow> = fc
  .record({
    client: fc.integer({ min: 1, max: 3 }),
    at: fc.nat(3_000),
    name: fc.constantFrom('pump-1', 'pump-2', 'x'.repeat(600)),
    user: fc.option(fc.constantFrom('ada', 'bob', 'u'.repeat(900))),
    will: fc.boolean(),
    keepAlive: fc.constantFrom(0, 1, 60),
    steps: fc.array(fc.tuple(step, gap), { maxLength: 25 }),
    refused: fc.boolean(),
    version: fc.constantFrom(4 as const, 5 as const),
    ending,
  })
  .map(({ client, at, name, user, will, keepAlive, steps, refused, version, ending: last }) => {
    const said = user === null ? {} : { username: user, password: user.slice(0, 3) }
    const parts = {
      version,
      properties: version === 5 ? ALIASES : [],
      clientId: name,
      keepAlive,
      ...said,
      ...(will ? { will: { topic: 'w', payload: 'x' } } : {}),
    } as const
    const begin: Sent[] = [
      { up: connect(parts) },
      { down: connack(version, refused ? (version === 5 ? 135 : 5) : 0, version === 5 ? ALIASES : []) },
    ]
    const sent = [...begin.map(each => ({ each, after: 3 }))]
    if (!refused) {
      for (const [n, [make, after]] of steps.entries())
        for (const each of make(n + 1, version)) sent.push({ each, after })
      for (const each of last) sent.push({ each, after: 5 })
    }
    let time = at
    const timed = sent.map(({ each, after }) => {
      time += after
      return { ...each, at: time }
    })
    return { client, at, sent: timed }
  })

/** A row as its bits, so that neither NaN nor -0 passes for another. */
const bitsOf = ({ address, began, ended, values }: SessionRow): unknown => ({
  address,
  began,
  ended,
  ...Object.fromEntries(
    COLUMN_NAMES.map((name, at) => [name, Buffer.from(Float64Array.of(values[at]).buffer).toString('hex')]),
  ),
})

test('the same bytes at the same times, from a capture and live, come to the same features bit by bit', async () => {
  let rows = 0
  await fc.assert(
    fc.asyncProperty(fc.array(flow, { minLength: 1, maxLength: 5 }), async flows => {
      const bytes = capture(...flows)
      const captured = rowsOf(bytes)
      rows += captured.length
      expect((await live(doneIn(bytes))).map(bitsOf)).toEqual(captured.map(bitsOf))
    }),
    { seed: 11, numRuns: 60 },
  )
  expect(rows).toBeGreaterThan(400)
}, 120_000)
