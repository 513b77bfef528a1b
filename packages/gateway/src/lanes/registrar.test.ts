import { beforeEach, describe, expect, test } from 'vitest'
import { LaneWord } from './record.ts'
import { type Holder, type LeaseAnswer, Registrar, type Takeover } from './registrar.ts'
import { LaneTable } from './table.ts'

let table: LaneTable
let registrar: Registrar
let asked: string[]
let answers: string[]

const at = (worker: number, session = 0): Holder => ({ worker, session })
const name = ({ worker, session }: Holder) => `${worker}.${session}`

function lease(device: string, holder: Holder, takeover: Takeover = 'keep'): void {
  const reply = (answer: LeaseAnswer) =>
    answers.push(`${name(holder)} ${answer.kind}${answer.kind === 'granted' ? ` ${answer.index}/${answer.epoch}` : ''}`)
  registrar.lease(device, holder, takeover, reply)
}

beforeEach(() => {
  asked = []
  answers = []
  table = new LaneTable(2)
  registrar = new Registrar(table, {
    probe: holder => asked.push(`probe ${name(holder)}`),
    revoke: holder => asked.push(`revoke ${name(holder)}`),
  })
})

describe('a second session of one device', () => {
  test('keep: is turned away once the first says that it lives', () => {
    lease('pump', at(0))
    lease('pump', at(1), 'keep')
    expect(answers).toEqual(['0.0 granted 0/1'])
    expect(asked).toEqual(['probe 0.0'])
    registrar.alive('pump', at(0))
    expect(answers).toEqual(['0.0 granted 0/1', '1.0 contested'])
    registrar.alive('pump', at(0))
    expect(answers.length).toBe(2)
  })

  test('keep: gets the lane where the first is on its way out', () => {
    lease('pump', at(0))
    lease('pump', at(1), 'keep')
    registrar.release('pump', at(0))
    expect(answers).toEqual(['0.0 granted 0/1', '1.0 granted 0/2'])
  })

  test('replace: waits until the first has given the lane back', () => {
    lease('pump', at(0))
    lease('pump', at(0, 1), 'replace')
    expect(asked).toEqual(['revoke 0.0'])
    expect(answers.length).toBe(1)
    registrar.release('pump', at(0))
    expect(answers).toEqual(['0.0 granted 0/1', '0.1 granted 0/2'])
    expect(registrar.leased).toBe(1)
  })

  test('of three the one in the middle is turned away at once', () => {
    lease('pump', at(0))
    lease('pump', at(1), 'replace')
    lease('pump', at(2), 'replace')
    expect(answers).toEqual(['0.0 granted 0/1', '1.0 contested'])
    registrar.release('pump', at(1))
    registrar.release('pump', at(0))
    expect(answers.at(-1)).toBe('2.0 granted 0/2')
  })

  test('one that leaves the queue is never answered', () => {
    lease('pump', at(0))
    lease('pump', at(1), 'replace')
    registrar.release('pump', at(1))
    registrar.release('pump', at(0))
    expect(answers).toEqual(['0.0 granted 0/1'])
    expect(registrar.leased).toBe(0)
  })

  test('who does not hold the lane can neither release it nor speak for it', () => {
    lease('pump', at(0))
    lease('pump', at(1), 'keep')
    registrar.alive('pump', at(2))
    registrar.alive('pump', at(1))
    registrar.release('pump', at(2))
    registrar.release('valve', at(0))
    expect(answers.length).toBe(1)
    expect(registrar.leased).toBe(1)
  })
})

describe('a worker that died', () => {
  test('frees its lanes for those who wait at other workers', () => {
    lease('pump', at(0))
    lease('valve', at(0, 1))
    lease('pump', at(1), 'keep')
    registrar.releaseWorker(0)
    expect(answers.at(-1)).toBe('1.0 granted 0/2')
    expect(registrar.leased).toBe(1)
  })

  test('is granted nothing, though its sessions waited', () => {
    lease('pump', at(0))
    lease('pump', at(0, 1), 'replace')
    registrar.releaseWorker(0)
    expect(answers).toEqual(['0.0 granted 0/1'])
    expect(registrar.leased).toBe(0)
  })
})

describe('as many devices as lanes', () => {
  test('with all of them connected one more is told so', () => {
    lease('pump', at(0, 0))
    lease('valve', at(0, 1))
    lease('meter', at(0, 2))
    expect(answers.at(-1)).toBe('0.2 full')
    expect(registrar.leased).toBe(2)
  })

  test('the one that was asked for least recently gives its lane, emptied, and loses no other', () => {
    lease('pump', at(0, 0))
    lease('valve', at(0, 1))
    table.open(1, 1).words[LaneWord.rateTokens] = 3
    registrar.release('pump', at(0, 0))
    registrar.release('valve', at(0, 1))
    lease('pump', at(0, 2))
    registrar.release('pump', at(0, 2))
    lease('meter', at(0, 3))
    expect(answers.at(-1)).toBe('0.3 granted 1/2')
    expect(table.open(1, 2).words[LaneWord.rateTokens]).toBe(0)
    lease('pump', at(0, 4))
    expect(answers.at(-1)).toBe('0.4 granted 0/3')
  })

  test('a device that comes back finds its lane as it left it', () => {
    lease('pump', at(0, 0))
    table.open(0, 1).words[LaneWord.rateTokens] = 3
    registrar.release('pump', at(0, 0))
    lease('pump', at(1, 0))
    expect(answers.at(-1)).toBe('1.0 granted 0/2')
    expect(table.open(0, 2).words[LaneWord.rateTokens]).toBe(3)
  })
})
