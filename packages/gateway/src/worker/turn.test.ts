import { describe, expect, test } from 'vitest'
import type { Connection } from '../path/connection.ts'
import { Turn } from './turn.ts'
import { TurnClock } from './turn-clock.ts'

/** A turn compares connections only. */
const connection = (id: number): Connection => ({ id }) as Connection
const turnOver = (): Promise<void> => new Promise(resolve => setImmediate(resolve))

const clock = new TurnClock()

function recorded(): { turn: Turn; log: string[] } {
  const log: string[] = []
  const turn = new Turn(
    clock,
    (c, chunk) => log.push(`${c.id}:${chunk}`),
    () => log.push('end'),
  )
  return { turn, log }
}

describe('a turn', () => {
  test('judges at its end what came in it, in order over all connections, and ends once', async () => {
    const { turn, log } = recorded()
    const [one, other] = [connection(1), connection(2)]
    turn.take(one, Buffer.from('a'))
    turn.take(other, Buffer.from('b'))
    turn.take(one, Buffer.from('c'))
    turn.need()
    expect(log).toEqual([])
    await turnOver()
    expect(log).toEqual(['1:a', '2:b', '1:c', 'end'])
    await turnOver()
    expect(log).toHaveLength(4)
  })

  test('judges as one what one connection sent in short chunks that follow each other, and nothing else', async () => {
    const log: [number, string][] = []
    const turn = new Turn(
      clock,
      (c, chunk) => log.push([c.id, `${chunk}`]),
      () => {},
    )
    const [one, other] = [connection(1), connection(2)]
    const sent: [Connection, string][] = []
    const say = (c: Connection, length: number): void => {
      sent.push([c, String.fromCharCode(97 + sent.length).repeat(length)])
      turn.take(c, Buffer.from(sent.at(-1)?.[1] ?? ''))
    }
    for (const length of [1, 2, 1_023]) say(one, length)
    say(other, 3)
    for (const length of [1, 1_024, 4, 5]) say(one, length)
    for (let i = 0; i < 17; i++) say(other, 1_000)
    await turnOver()
    expect(log.map(([id, { length }]) => [id, length])).toEqual([
      [1, 1_026],
      [2, 3],
      [1, 1],
      [1, 1_024],
      [1, 9],
      [2, 16_000],
      [2, 1_000],
    ])
    for (const c of [one, other]) {
      const said = sent.filter(([by]) => by === c).map(([, text]) => text)
      expect(
        log
          .filter(([id]) => id === c.id)
          .map(([, text]) => text)
          .join(''),
      ).toBe(said.join(''))
    }
  })

  test('keeps no more than 64 chunks', async () => {
    const { turn, log } = recorded()
    for (let i = 0; i < 130; i++) turn.take(connection(i), Buffer.from('x'))
    expect(log).toHaveLength(128)
    await turnOver()
    expect(log.map(line => line.split(':')[0])).toEqual([...Array.from({ length: 130 }, (_, i) => `${i}`), 'end'])
  })

  test('drained early judges each chunk once', async () => {
    const { turn, log } = recorded()
    turn.take(connection(1), Buffer.from('a'))
    turn.drain()
    expect(log).toEqual(['1:a'])
    turn.take(connection(1), Buffer.from('b'))
    await turnOver()
    expect(log).toEqual(['1:a', '1:b', 'end'])
  })

  test('judges what comes while it judges', async () => {
    const log: string[] = []
    const turn = new Turn(
      clock,
      (c, chunk) => {
        log.push(`${c.id}:${chunk}`)
        if (`${chunk}` === 'a') turn.take(c, Buffer.from('b'))
      },
      () => log.push('end'),
    )
    turn.take(connection(1), Buffer.from('a'))
    await turnOver()
    expect(log).toEqual(['1:a', '1:b', 'end'])
  })

  test('judges together as of one instant, which is past afterwards', async () => {
    const times: number[] = []
    const turn = new Turn(
      clock,
      () => {
        const until = performance.now() + 2
        while (performance.now() < until);
        times.push(clock.now())
      },
      () => times.push(clock.now()),
    )
    turn.take(connection(1), Buffer.from('a'))
    turn.take(connection(2), Buffer.from('b'))
    await turnOver()
    expect(times[1]).toBe(times[0])
    expect(times[2]).toBeGreaterThan(times[0])
  })

  test('that is only asked for ends all the same', async () => {
    const { turn, log } = recorded()
    turn.need()
    await turnOver()
    expect(log).toEqual(['end'])
  })
})
