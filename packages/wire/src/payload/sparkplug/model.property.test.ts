import fc from 'fast-check'
import { expect, test } from 'vitest'
import { aliased, bdSeq, metric, rebirth, Session } from './sparkplug.testkit.ts'

/** What the standard says of a session, in maps and without bounds. */
class Model {
  born = false
  dead = false
  /** The message of that number did not go through. */
  open = false
  seq = -1
  will = -1
  bdSeq = -1
  /** By device, the node itself an empty name: aliases and whether it lives. */
  readonly devices = new Map<string, { aliases: Set<number>; alive: boolean }>()

  say(step: Step, seq: number): string {
    switch (step.kind) {
      case 'connect':
        this.born = false
        this.dead = false
        this.will = step.bdSeq
        this.devices.clear()
        return 'ok'
      case 'nbirth':
        if (new Set(step.aliases).size < step.aliases.length) return 'sparkplug_alias'
        if (step.bdSeq !== this.will) return 'sparkplug_bdseq'
        this.devices.clear()
        this.devices.set('', { aliases: new Set(step.aliases), alive: true })
        this.born = true
        this.dead = false
        this.seq = 0
        this.open = false
        this.bdSeq = step.bdSeq
        return 'ok'
      case 'ndeath':
        if (!this.born) return this.dead ? 'sparkplug_dead' : 'sparkplug_unborn'
        if (step.bdSeq !== this.bdSeq) return 'sparkplug_bdseq'
        this.born = false
        this.dead = true
        return 'ok'
      default:
        return this.#counted(step, seq)
    }
  }

  #counted(step: Counted, seq: number): string {
    if (!this.born) return this.dead ? 'sparkplug_dead' : 'sparkplug_unborn'
    if (seq !== (this.seq + 1) % 256 && !(this.open && seq === this.seq)) return 'sparkplug_sequence'
    this.seq = seq
    const answer = this.#numbered(step)
    this.open = answer !== 'ok'
    return answer
  }

  #numbered(step: Counted): string {
    const own = this.devices.get(step.device)
    if (step.kind === 'dbirth') {
      const others = [...this.devices].filter(([name]) => name !== step.device).flatMap(([, one]) => [...one.aliases])
      const aliases = new Set(step.aliases)
      if (aliases.size < step.aliases.length || others.some(alias => aliases.has(alias))) return 'sparkplug_alias'
      this.devices.set(step.device, { aliases, alive: true })
      return 'ok'
    }
    if (own === undefined) return 'sparkplug_unborn'
    if (!own.alive) return 'sparkplug_dead'
    if (step.kind === 'ddeath') own.alive = false
    else if (step.aliases.some(alias => !own.aliases.has(alias))) return 'sparkplug_alias'
    return 'ok'
  }
}

type Step =
  | { kind: 'connect' | 'ndeath'; bdSeq: number }
  | { kind: 'nbirth'; bdSeq: number; aliases: readonly number[] }
  | Counted

interface Counted {
  readonly kind: 'dbirth' | 'data' | 'ddeath'
  /** Empty for the node itself. */
  readonly device: string
  readonly aliases: readonly number[]
  /** How far the sequence number is off. */
  readonly skip: number
}

const bdSeqs = fc.nat(1)
const aliases = fc.array(fc.nat(5), { maxLength: 2 })
const device = fc.constantFrom('a', 'b')
// Mostly the number that is due.
const skip = fc.oneof({ weight: 9, arbitrary: fc.constant(0) }, fc.constantFrom(-1, 1, 2))
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ kind: fc.constant('connect' as const), bdSeq: bdSeqs }),
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('nbirth' as const), bdSeq: bdSeqs, aliases }) },
  fc.record({ kind: fc.constant('ndeath' as const), bdSeq: bdSeqs }),
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('dbirth' as const), device, aliases, skip }) },
  fc.record({ kind: fc.constant('ddeath' as const), device, aliases: fc.constant([] as number[]), skip }),
  {
    weight: 8,
    arbitrary: fc.record({ kind: fc.constant('data' as const), device: fc.constantFrom('', 'a', 'b'), aliases, skip }),
  },
)

function speak(session: Session, one: Step, seq: number): string {
  switch (one.kind) {
    case 'connect':
      return session.connect(one.bdSeq)
    case 'ndeath':
      return session.say('NDEATH/edge', [bdSeq(one.bdSeq)])
    case 'nbirth': {
      const metrics = one.aliases.map((alias, i) => metric(`m${i}`, 'Int32', 1, { alias }))
      return session.say('NBIRTH/edge', [bdSeq(one.bdSeq), rebirth(), ...metrics], { seq: 0 })
    }
    case 'dbirth': {
      const metrics = one.aliases.map((alias, i) => metric(`m${i}`, 'Int32', 1, { alias }))
      return session.say(`DBIRTH/edge/${one.device}`, metrics, { seq })
    }
    case 'ddeath':
      return session.say(`DDEATH/edge/${one.device}`, [], { seq })
    default: {
      const topic = one.device === '' ? 'NDATA/edge' : `DDATA/edge/${one.device}`
      return session.say(
        topic,
        one.aliases.map(alias => aliased(alias, 'Int32', 2)),
        { seq },
      )
    }
  }
}

test('random sessions are judged as by a model without bounds', () => {
  const heard = new Map<string, number>()
  fc.assert(
    fc.property(bdSeqs, fc.array(step, { minLength: 20, maxLength: 60 }), (first, steps) => {
      const session = new Session()
      const model = new Model()
      for (const one of [{ kind: 'connect' as const, bdSeq: first }, ...steps]) {
        const seq = 'skip' in one ? (model.seq + 257 + one.skip) % 256 : 0
        const answer = speak(session, one, seq)
        expect(answer).toBe(model.say(one, seq))
        heard.set(answer, (heard.get(answer) ?? 0) + 1)
      }
    }),
    { numRuns: 500, seed: 77 },
  )
  const codes = ['ok', 'sparkplug_alias', 'sparkplug_bdseq', 'sparkplug_dead', 'sparkplug_sequence', 'sparkplug_unborn']
  expect([...heard.keys()].sort()).toEqual(codes)
  for (const code of codes) expect(heard.get(code)).toBeGreaterThan(200)
})
