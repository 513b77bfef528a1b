import { expect, test } from 'vitest'
import type { Happening } from '../evidence/happening.ts'
import { BatchReader } from '../evidence/reader.ts'
import { Recorder } from '../evidence/recorder.ts'
import { Secrets } from '../evidence/secret.ts'
import { ack, packet, publish, subscribe } from './packets.testkit.ts'
import { VerdictBook } from './verdict.ts'
import { Bench, type BenchOptions, guard, refusing } from './way.testkit.ts'

/** A bench whose way is recorded, and what was seen since the last call. */
function recorded(options: BenchOptions = {}): { bench: Bench; seen(): string[] } {
  const recorder = new Recorder(new Secrets())
  const bench = new Bench(options)
  Object.assign(bench.way, { evidence: recorder, book: new VerdictBook('0', recorder) })
  recorder.opened(bench.c, bench.clock.wall())
  const reader = new BatchReader(0, () => '')
  return {
    bench,
    seen() {
      const happenings: Happening[] = []
      reader.read(recorder.take(), each => void happenings.push(each))
      return happenings.map(({ kind, topic, bytes, qos, code, packet: id, keepAlive }) =>
        [kind, topic, bytes, qos, code, id, keepAlive].filter(each => each !== '' && each !== 0).join(' '),
      )
    },
  }
}

test('a session from its CONNECT to its end', async () => {
  const { bench, seen } = recorded()
  await bench.establish({ version: 5, keepAlive: 60 })
  expect(seen().map(each => each.replace(/ \d\d 60$/, ' BYTES 60'))).toEqual([
    'opened',
    'connect BYTES 60',
    'connack accepted',
  ])
  bench.device(
    subscribe(['plant/#', 'x/+'], 1),
    publish('plant/x', 'abc'),
    publish('plant/x', 'abc', { qos: 2, id: 7 }),
  )
  expect(seen()).toEqual(['subscribe plant/# 1', 'subscribe x/+ 1', 'publish plant/x 3', 'publish plant/x 3 2 7'])
  bench.server(ack(0x50, 7))
  bench.device(ack(0x62, 7))
  bench.server(publish('plant/y', 'abcd', { qos: 1, id: 3 }))
  bench.device(ack(0x40, 3), packet(0xc0), packet(0xe0))
  expect(seen()).toEqual([
    'acknowledge pubrel 7',
    'receive plant/y 4 1 3',
    'acknowledge puback 3',
    'ping',
    'disconnect',
  ])
})

test('what is refused is told, then its verdict; nothing follows a message of QoS 2 that was', async () => {
  const { bench, seen } = recorded({ plan: [refusing()] })
  await bench.establish({ version: 5 })
  seen()
  bench.device(publish('bad/x', 'abc', { qos: 2, id: 7 }), subscribe(['bad/#'], 2))
  expect(seen()).toEqual([
    'publish bad/x 3 2',
    'verdict bad/x 15 denied',
    'subscribe bad/# 1',
    'verdict bad/# 13 denied',
  ])
})

test('a message that waits is told once it goes', async () => {
  let slow = true
  const { bench, seen } = recorded({
    plan: [guard((_, report) => (slow ? report.slow('fast', 'too fast', 5) : undefined), 'rate')],
  })
  slow = false
  await bench.establish({ version: 5 })
  slow = true
  seen()
  bench.device(publish('plant/x', 'abc'))
  expect(seen()).toEqual(['verdict plant/x 15 fast'])
  slow = false
  await expect.poll(() => seen()).toEqual(['publish plant/x 3'])
})

test('what waits behind a message that is slowed, and what is begun behind whole packets, is no drip', async () => {
  let slow = true
  const { bench, seen } = recorded({
    plan: [guard((_, report) => (slow ? report.slow('fast', 'too fast', 5) : undefined), 'rate')],
  })
  slow = false
  await bench.establish({ version: 5 })
  seen()
  bench.clock.advance(2_000)
  const whole = publish('plant/x', 'abc')
  bench.device(Buffer.concat([whole, whole.subarray(0, 4)]))
  expect(seen()).toEqual(['publish plant/x 3'])
  slow = true
  bench.clock.advance(2_000)
  bench.device(whole.subarray(4))
  bench.device(whole.subarray(0, 4))
  bench.clock.advance(2_000)
  bench.device(whole.subarray(4))
  expect(seen().filter(each => each.startsWith('progress'))).toEqual([])
})

test('a packet that comes in drips is told once a second, an illegal one as a fault', async () => {
  const { bench, seen } = recorded()
  await bench.establish({ version: 5 })
  seen()
  bench.clock.advance(2_000)
  const whole = publish('plant/x', 'abc')
  for (let i = 0; i < 5; i++) {
    bench.device(whole.subarray(i, i + 1))
    bench.clock.advance(400)
  }
  expect(seen()).toEqual(['progress 1', 'progress 4'])
  bench.device(whole.subarray(5), packet(0x36, [0, 1, 97, 0, 1]))
  const [first, second, third] = seen()
  expect([first, second]).toEqual(['publish plant/x 3', expect.stringMatching(/^fault /)])
  expect(third).toMatch(/^verdict /)
})

test.each([
  [
    'a device that is refused by a guard',
    { plan: [guard((_, report) => report.add('denied', 'no'))] },
    'verdict 16 denied,connack other',
  ],
  ['one whose session is contested', { lease: 'contested' as const }, 'connack busy,verdict 16 session_contested'],
])('%s is answered', async (_, options, wanted) => {
  const { bench, seen } = recorded(options)
  await bench.open({ version: 5, keepAlive: 60 })
  const [, , ...after] = seen()
  expect(after.map(each => each.replace(/ \d+ /, ' 16 ')).join()).toBe(wanted)
})
